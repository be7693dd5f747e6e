import { describe, expect, it } from '@jest/globals';
import { Problem } from '#libs/problem/problem.js';
import { csrfTokenOf, requireCsrfToken } from './csrf.js';

const SECRET = 'a'.repeat(43);
const GOOD = { host: 'motcua.example', 'x-csrf-token': csrfTokenOf(SECRET) };

function verdict(method: string, headers: Record<string, string | undefined>): string {
  try {
    requireCsrfToken({ method, headers: { ...GOOD, ...headers } }, SECRET);
    return 'taken';
  } catch (error) {
    return error instanceof Problem ? error.type : 'failed';
  }
}

describe('a request with the cookie of a session', () => {
  it.each(['GET', 'HEAD', 'OPTIONS'])('may come from anywhere if it only reads: %s', (method) => {
    const headers = {
      origin: 'https://evil.example',
      'sec-fetch-site': 'cross-site',
      'x-csrf-token': undefined,
    };
    expect(verdict(method, headers)).toBe('taken');
  });

  describe.each(['POST', 'PUT', 'PATCH', 'DELETE'])('and %s', (method) => {
    it.each<[string, Record<string, string | undefined>]>([
      ['without a word of the browser', {}],
      ['from a page of ours', { origin: 'https://motcua.example', 'sec-fetch-site': 'same-origin' }],
      ['from the address bar', { 'sec-fetch-site': 'none' }],
    ])('is taken %s', (_where, headers) => {
      expect(verdict(method, headers)).toBe('taken');
    });

    it.each<[string, Record<string, string | undefined>]>([
      ['another site', { 'sec-fetch-site': 'cross-site' }],
      ['another host of the same domain', { 'sec-fetch-site': 'same-site' }],
      ['another origin', { origin: 'https://evil.example' }],
      ['another port', { origin: 'https://motcua.example:8443' }],
      ['nowhere', { origin: 'null' }],
      ['one who has no token', { 'x-csrf-token': undefined }],
      ['one who has half a token', { 'x-csrf-token': csrfTokenOf(SECRET).slice(1) }],
      ['one who has the token of another session', { 'x-csrf-token': csrfTokenOf('b'.repeat(43)) }],
      ['one who has the secret itself', { 'x-csrf-token': SECRET }],
    ])('is refused from %s', (_who, headers) => {
      expect(verdict(method, headers)).toBe('cross-site-request');
    });
  });
});
