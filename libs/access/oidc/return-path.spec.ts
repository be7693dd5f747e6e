import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { returnPath } from './return-path.js';

describe('the path to return to', () => {
  it.each(['/', '/account', '/api/dossiers?status=accepted&q=a%20b#top', '/a/b/c'])('may be %s', (path) => {
    expect(returnPath(path, '/else')).toBe(path);
  });

  it.each([
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example/',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    ' //evil.example',
    'javascript:alert(1)',
    'account',
    '',
    '/Đường',
    '/a\r\nset-cookie: x=y',
    undefined,
    ['/a', '/b'],
    `/${'a'.repeat(2_000)}`,
  ])('is not %j', (path) => {
    expect(returnPath(path, '/else')).toBe('/else');
  });

  it('stays within the service, whatever is asked for', () => {
    const pieces = fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      '@',
      ':',
      '?',
      '#',
      '%2f',
      '%5c',
      'evil.example',
      '\t',
      ' ',
    );
    const asked = fc.oneof(
      fc.string(),
      fc.webUrl(),
      fc.array(pieces).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(asked, fc.boolean(), (text, slash) => {
        const path = returnPath(slash ? `/${text}` : text, '/else');
        expect(new URL(path, 'https://office.example').origin).toBe('https://office.example');
      }),
      { numRuns: 2_000 },
    );
  });
});
