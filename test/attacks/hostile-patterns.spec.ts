import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { filesUnder } from '../support/files-under.js';

/** Every pattern that the product has, by where it stands. */
const PATTERNS = ['apps', 'libs']
  .flatMap((folder) => filesUnder(folder, /\.ts$/))
  .filter((file) => !/\.spec\.ts$|\/testing\//.test(file))
  .flatMap(patternsIn);

const LONG = 60_000;
/** What patterns repeat, repeated; each with an end that none of them wants. */
const HOSTILE = [
  ...[
    ' ',
    '\t',
    '\n',
    '\r\n',
    'a',
    'A',
    'z_',
    '0',
    '1',
    '9.',
    '-',
    '.',
    '_',
    '/',
    '\\',
    ':',
    ',',
    ';',
    '=',
    '#',
  ],
  ...[
    '"',
    "'",
    '(',
    '{',
    '[',
    '<',
    '&',
    '%41',
    '+',
    '*',
    '@',
    '?',
    'đ',
    'Ế',
    '\u0301',
    '\u{1f600}',
    '\u2028',
  ],
  ...['a1', 'a-', 'a.', '1:', 'x=1,', 'at /', '{a}', '$1', 'ab ', '0-', '2024-01-01T', '00:00', 'q=0;', '\0'],
].flatMap((unit) => {
  const text = unit.repeat(Math.ceil(LONG / unit.length));
  return [`${text}\0!`, `/${text}\n\u2028`, `"${text}`];
});
const GUARD_MS = 5_000;

describe('a long hostile text', () => {
  it('is judged by every pattern of the product in work that its length deserves', () => {
    expect(PATTERNS.length).toBeGreaterThan(100);
    const slow: string[] = [];
    for (const { where, pattern } of PATTERNS) {
      // A quadratic pattern needs 60,000 times the work of a linear one: the guard ends it.
      const judge = `for (const text of texts) { pattern.lastIndex = 0; pattern.test(text); }`;
      try {
        runInNewContext(judge, { texts: HOSTILE, pattern }, { timeout: GUARD_MS });
      } catch {
        slow.push(where);
      }
    }
    expect(slow).toEqual([]);
  }, 120_000);

  it('would be seen if a pattern took too long for it', () => {
    const run = (): unknown =>
      runInNewContext(
        'pattern.test(text)',
        { pattern: new RegExp(['(a|aa)', '+$'].join('')), text: HOSTILE[12] },
        { timeout: 200 },
      );
    expect(run).toThrow(/timed out/);
  });
});

function patternsIn(file: string): { where: string; pattern: RegExp }[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);
  const found: { where: string; pattern: RegExp }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const [, body = '', flags = ''] = /^\/(.*)\/([a-z]*)$/s.exec(node.text) ?? [];
      const { line } = source.getLineAndCharacterOfPosition(node.pos);
      found.push({ where: `${file}:${line + 1} ${node.text}`, pattern: new RegExp(body, flags) });
    }
    node.forEachChild(visit);
  };
  visit(source);
  return found;
}
