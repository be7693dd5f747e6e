import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Problem } from '#libs/problem/problem.js';
import { loadDirectory } from './load-config.adapter.js';
import type { LoadedCommand } from './publish-all.js';
import type { ContentOf } from './publish.js';

const procedures = (commands: LoadedCommand[]): ContentOf<'procedure'>[] =>
  commands.flatMap(({ command }) => (command.kind === 'procedure' ? [command.content] : []));

describe('the demonstration desk in config/demo', () => {
  let commands: LoadedCommand[];
  beforeAll(async () => {
    commands = await loadDirectory('config/demo');
  });

  it('has a calendar, a policy, a unit, 42 procedures and a reminder policy, in an order in which they can be published', () => {
    const kinds = commands.map(({ command }) => command.kind);
    expect(kinds.slice(0, 3)).toEqual(['calendar', 'policy', 'unit']);
    expect(kinds.slice(3)).toEqual([...Array(42).fill('procedure'), 'reminders']);
    expect(new Set(procedures(commands).map(({ code }) => code)).size).toBe(42);
  });

  it('gives every procedure a limit and a source, and calls it a demonstration', () => {
    for (const { limits, source, note, name } of procedures(commands)) {
      expect(limits[0]).toMatchObject({ case: 'default' });
      expect(source).not.toBe('');
      expect(name.en).not.toBeNull();
      expect(note).toContain("demonstration selection, not the board's own list of 2024");
      expect(note).toContain(
        source.includes('memory') ? 'limit from memory' : 'limit as published in July 2026',
      );
    }
  });

  it('covers every field that has a usable limit', () => {
    expect([...new Set(procedures(commands).map(({ field }) => field))].sort()).toHaveLength(9);
  });

  it('knows the limits by case', () => {
    const of = (code: string): unknown =>
      procedures(commands)
        .find((procedure) => procedure.code === code)
        ?.limits.map((l) => [l.case, l.limit.value]);
    expect(of('1.009664')).toEqual([['default', 10], ['2', 5], ['3', 5]]); // prettier-ignore
    expect(of('1.009647')).toEqual([['default', 3], ['2', 7], ['3', 5]]); // prettier-ignore
  });

  it('takes the days off from the table beside the calendar', () => {
    const [first] = commands;
    if (first?.command.kind !== 'calendar') throw new Error('no calendar');
    expect(first.command.content.definition.daysOff).toContain('2024-02-08');
    expect(first.command.content.definition.workingDays).toContain('2024-05-04');
  });
});

describe('a folder with a fault', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'motcua-config-'));
  });
  afterAll(() => rm(dir, { recursive: true }));

  async function faultOf(files: Record<string, string>): Promise<Problem> {
    const folder = await mkdtemp(join(dir, 'case-'));
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    try {
      await loadDirectory(folder);
    } catch (error) {
      if (error instanceof Problem) return error;
      throw error;
    }
    throw new Error('it was loaded');
  }

  it('names line and column of broken JSON', async () => {
    const { type, details } = await faultOf({ 'units.json': '[\n  {"code": oops}\n]' });
    expect([type, details]).toMatchObject(['reference-file-unreadable', { line: 2, column: 12 }]);
  });

  it('names the fields of a wrong entry', async () => {
    const unit = {
      code: 'X',
      name: { vi: 'X', en: 7 },
      calendar: 'vn',
      sequenceDigits: 4,
      validFrom: 'soon',
      source: 'S',
    };
    const { details, fields } = await faultOf({ 'units.json': JSON.stringify([unit]) });
    expect(details['where']).toBe('entry 1');
    expect(fields.map(({ pointer }) => pointer).sort()).toEqual(['/name/en', '/policy', '/validFrom']);
  });

  it('names a calendar file that is not there, and the line of a bad day', async () => {
    const absent = await faultOf({ 'calendars.json': '["none.json"]' });
    expect(absent.details).toMatchObject({ file: expect.stringContaining('none.json'), reason: 'ENOENT' });
    const calendar = {
      id: 'x',
      name: 'X',
      source: 'S',
      validFrom: '2024-01-01',
      definition: { zone: 'UTC', startRule: 'next_day', week: {} },
      daysFile: 'days.csv',
    };
    const badDay = await faultOf({
      'calendars.json': '["x.json"]',
      'x.json': JSON.stringify(calendar),
      'days.csv':
        'date,kind,name,source,certainty\n2024-01-01,holiday,N,S,high\n2024-13-01,holiday,N,S,high\n',
    });
    expect(badDay.details).toMatchObject({ line: 3, column: 'date' });
  });

  it('refuses a folder without any reference data', async () => {
    await mkdir(join(dir, 'empty'));
    await expect(loadDirectory(join(dir, 'empty'))).rejects.toThrow('reference-file-unreadable');
  });
});
