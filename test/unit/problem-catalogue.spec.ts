import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FIELD_RULES } from '#libs/problem/catalogue/fields.js';
import { PROBLEMS } from '#libs/problem/catalogue.js';
import { detailOf, fieldDetail, oneLine } from '#libs/problem/describe.js';
import { Problem } from '#libs/problem/problem.js';

const SOURCES = ['apps', 'libs']
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
  )
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts') && !path.includes('/testing/'))
  .map((path) => readFileSync(path, 'utf8'));

/** What the first group finds in all sources, each once. */
function found(pattern: RegExp): string[] {
  const all = SOURCES.flatMap((source) => [...source.matchAll(pattern)].map((match) => match[1] ?? ''));
  return [...new Set(all)].sort();
}
const without = (names: readonly string[], known: object): string[] =>
  names.filter((name) => !Object.hasOwn(known, name));

describe('the catalogue of problems', () => {
  it('has words for every problem that is thrown anywhere', () => {
    const thrown = found(/new Problem\(\s*(?:[^'()]*\? )?'([a-z0-9-]+)'/g);
    const either = found(/\? '[a-z0-9-]+-[a-z0-9-]+' : '([a-z0-9-]+-[a-z0-9-]+)'/g);
    const indirect = found(/wrong\('([a-z0-9]+-[a-z0-9-]+)'/g);
    expect(thrown.length).toBeGreaterThan(40);
    expect(without([...thrown, ...either, ...indirect], PROBLEMS)).toEqual([]);
  });

  it('has words for every rule that a field can break', () => {
    const rules = [
      ...found(/rule: '(\w+)'/g),
      ...found(/checked\(\s*'(\w+)'/g),
      ...found(/(?:expect|fail)\([^;]*?`?\/[\w/${}]*[`'], '(\w+)'/g),
      ...found(/\b(Is[A-Z]\w+|M(?:in|ax)(?:Length)?|ArrayMaxSize)\((?!\w+:)/g)
        .filter((name) => name !== 'IsZone')
        .map((name) => name.charAt(0).toLowerCase() + name.slice(1)),
    ];
    expect(rules.length).toBeGreaterThan(20);
    expect(without([...new Set(rules)], { ...FIELD_RULES, ...PROBLEMS })).toEqual([]);
  });

  it.each(Object.entries(PROBLEMS))('says %s in both languages, with the same members', (type, text) => {
    const members = (words: string): string[] => (words.match(/\{\w+\}/g) ?? []).sort();
    expect(members(text.detail.vi)).toEqual(members(text.detail.en));
    expect([text.title.vi, text.title.en, text.detail.vi, text.detail.en]).not.toContain('');
    expect(members(text.title.vi)).toEqual([]);
    // RFC 9457 has members of its own by these names.
    for (const own of ['{type}', '{title}', '{status}', '{detail}', '{instance}', '{errors}'])
      expect(members(text.detail.vi)).not.toContain(own);
    expect(detailOf(new Problem(type), 'vi')).not.toContain('{');
  });

  it('says on one line of a command line what is wrong and where', () => {
    const problem = new Problem('unit-unknown', { unit: 'X\nY' }, [{ pointer: '/unit', rule: 'unknown' }]);
    expect(oneLine(problem)).toBe(
      'Unit X Y is not published or not in force; see /api/units; /unit does not exist',
    );
  });

  it('falls back on a plain word for a rule of a library that it does not know', () => {
    expect(fieldDetail({ pointer: '/x', rule: 'isSomethingNew' }, 'en')).toBe('is invalid');
  });
});
