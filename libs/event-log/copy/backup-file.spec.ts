import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { RecordedEvent } from '../event-log.js';
import { bodyHash, FIRST_HASH, linkHash, sha256 } from '../hash.js';
import { collect, sampleEvent } from '../testing/contract-support.js';
import { asProblem, checkBackup, writeBackup } from './backup-file.adapter.js';
import { backupText } from './backup-format.js';

const EVENTS = 200;
let folder: string;
let intact: Buffer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'motcua-backup-'));
  await backup(join(folder, 'intact'));
  intact = await readFile(join(folder, 'intact'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Two streams by turns, with positions that leave numbers out. */
const events: readonly RecordedEvent[] = (() => {
  const ends = new Map<string, string>();
  return Array.from({ length: EVENTS }, (_, n) => {
    const written = sampleEvent(n);
    const place = {
      stream: `sample-${n % 2}`,
      revision: BigInt(Math.floor(n / 2)),
      recordedAt: '2024-01-15T02:30:00.000Z',
      previousHash: ends.get(`sample-${n % 2}`) ?? FIRST_HASH,
    };
    const hash = linkHash({ ...place, body: bodyHash(written) });
    ends.set(place.stream, hash);
    return { ...written, ...place, position: BigInt(3 * n + 1), hash };
  });
})();

async function* each(given: readonly RecordedEvent[] = events): AsyncGenerator<RecordedEvent> {
  yield* given;
}

function text(given?: AsyncIterable<RecordedEvent>): AsyncGenerator<string> {
  const log = { engine: 'postgresql', contiguous: false, head: String(events.at(-1)?.position) };
  return backupText({ createdAt: '2024-02-01T00:00:00.000Z', log }, given ?? each());
}

async function backup(file: string, given?: AsyncIterable<RecordedEvent>): Promise<void> {
  await writeBackup(file, text(given));
}

async function wrong(content: Uint8Array | string): Promise<unknown> {
  const file = join(folder, 'wrong');
  await writeFile(file, content);
  return checkBackup(file, {}).catch((error: unknown) => error);
}

/** The lines of the intact one, changed and compressed again. */
function rewritten(change: (lines: string[]) => string[]): Buffer {
  return gzipSync(change(gunzipSync(intact).toString().trimEnd().split('\n')).join('\n') + '\n');
}

/** With the closing line that fits. */
function closed(lines: string[]): string[] {
  const kept = lines.slice(0, -1);
  const end = { events: kept.length - 1, sha256: sha256(`${kept.join('\n')}\n`) };
  return [...kept, JSON.stringify({ end })];
}

describe('a backup', () => {
  it('gives back the events as they were, and says what it holds', async () => {
    const checked = await checkBackup(join(folder, 'intact'), {});
    expect(checked).toMatchObject({ events: EVENTS, streams: 2, contiguous: false, head: 598n });
    expect(checked.manifest).toMatchObject({ version: 1, createdAt: '2024-02-01T00:00:00.000Z' });
    expect(await collect(checked.read())).toEqual(events);
  });

  it('holds also a log without events', async () => {
    await backup(join(folder, 'empty'), each([]));
    expect(await checkBackup(join(folder, 'empty'), {})).toMatchObject({ events: 0, streams: 0 });
  });

  it('can be read by its owner only', async () => {
    expect((await stat(join(folder, 'intact'))).mode & 0o777).toBe(0o600);
  });

  it('does not replace a file', async () => {
    await expect(backup(join(folder, 'intact'))).rejects.toMatchObject({ type: 'backup-exists' });
    expect(await readFile(join(folder, 'intact'))).toEqual(intact);
  });

  it('leaves nothing where it could not be finished', async () => {
    const empty = join(folder, 'unfinished');
    await mkdir(empty);
    const failing = async function* (): AsyncGenerator<RecordedEvent> {
      yield* events;
      throw new Error('the log is gone');
    };
    await expect(backup(join(empty, 'file'), failing())).rejects.toThrow('the log is gone');
    const stop = AbortSignal.abort();
    await expect(writeBackup(join(empty, 'file'), text(), stop)).rejects.toThrow(/abort/i);
    expect(await readdir(empty)).toEqual([]);
  });

  it.each([
    ['a folder that is not there', 'no/such/file', 'backup-unwritable', 'ENOENT'],
    ['a folder that is a file', 'intact/file', 'backup-unwritable', 'ENOTDIR'],
  ])('says that it cannot be written into %s', async (_, name, type, reason) => {
    await expect(backup(join(folder, name))).rejects.toMatchObject({ type, details: { reason } });
  });

  it.each(['ENOSPC', 'EDQUOT', 'EFBIG'])('says that the disk is full (%s)', (code) => {
    const error = Object.assign(new Error(code), { code });
    expect(asProblem(error, '/backups/file')).toMatchObject({
      type: 'disk-full',
      details: { folder: '/backups' },
    });
  });
});

describe('a file that is not a whole backup', () => {
  it('is named as foreign where motcua did not write it', async () => {
    const foreign = { type: 'backup-foreign' };
    expect(await wrong('')).toMatchObject(foreign);
    expect(await wrong('{"manifest":{}}')).toMatchObject(foreign);
    expect(await wrong(gzipSync('hello'))).toMatchObject(foreign);
    expect(await wrong(gzipSync('hello\nworld\n'))).toMatchObject(foreign);
    expect(await wrong(gzipSync(Buffer.alloc(1_000_000)))).toMatchObject(foreign);
  });

  it('is named as not there', async () => {
    await expect(checkBackup(join(folder, 'nothing'), {})).rejects.toMatchObject({
      type: 'backup-unreadable',
      details: { reason: 'ENOENT' },
    });
    await expect(checkBackup(folder, {})).rejects.toMatchObject({ details: { reason: 'EISDIR' } });
  });

  it('is found out wherever it was cut off', async () => {
    for (let share = 0.05; share < 1; share += 0.05) {
      const problem = await wrong(intact.subarray(0, Math.floor(intact.length * share)));
      expect(problem).toMatchObject({ type: expect.stringMatching(/^backup-(cut-off|foreign)$/) });
    }
    expect(await wrong(rewritten((lines) => lines.slice(0, -1)))).toMatchObject({ type: 'backup-cut-off' });
  });

  it('is found out when a byte was changed anywhere', async () => {
    for (let share = 0.01; share < 1; share += 0.07) {
      const changed = Buffer.from(intact);
      const at = Math.floor(intact.length * share);
      changed[at] = (changed[at] ?? 0) ^ 0x10;
      expect(await wrong(changed)).toMatchObject({
        type: expect.stringMatching(/^backup-(changed|cut-off|foreign)$/),
      });
    }
  });

  it.each<[string, (lines: string[]) => string[], object]>([
    ['a line less', (lines) => lines.toSpliced(5, 1), { reason: 'the file holds 199 events and states 200' }],
    [
      'two lines swapped',
      (lines) => lines.toSpliced(5, 2, lines[6] ?? '', lines[5] ?? ''),
      { reason: 'the digest of the file is another' },
    ],
    ['a line that is no JSON', (lines) => lines.toSpliced(5, 1, 'x'), { line: 6, reason: 'it is not JSON' }],
    ['a line of another kind', (lines) => lines.toSpliced(5, 1, '{"key":{}}'), { line: 6 }],
    ['a line after its end', (lines) => [...lines, '{"event":{}}'], { reason: /follows/ }],
  ])('is found out with %s', async (_, change, details) => {
    const problem = (await wrong(rewritten(change))) as { type: string; details: object };
    expect(problem.type).toBe('backup-changed');
    for (const [name, value] of Object.entries(details)) {
      const said = String((problem.details as Record<string, unknown>)[name]);
      if (value instanceof RegExp) expect(said).toMatch(value);
      else expect(said).toBe(String(value));
    }
  });

  it('is found out by the hashes of its events when somebody made everything else fit', async () => {
    const change = (lines: string[]): string[] =>
      closed(lines.with(5, (lines[5] ?? '').replace('"n":4', '"n":5')));
    expect(await wrong(rewritten(change))).toMatchObject({
      type: 'log-does-not-verify',
      details: { finding: 'changed', stream: 'sample-0', revision: 2 },
    });
    expect(await checkBackup(join(folder, 'wrong'), { despiteFindings: true })).toMatchObject({
      events: EVENTS,
    });
  });

  it.each([
    ['a higher version', /"version":1/, '"version":2'],
    ['a section of later software', /"sections":\["event"\]/, '"sections":["event","key"]'],
  ])('is refused with %s', async (_, what, by) => {
    const change = (lines: string[]): string[] => closed(lines.with(0, (lines[0] ?? '').replace(what, by)));
    expect(await wrong(rewritten(change))).toMatchObject({ type: 'backup-newer' });
  });
});
