import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exchange, written } from '../support/raw-http.js';
import { startService, type TestService } from '../support/service.js';
import { expectNothingWritten } from '../support/whole-log.js';

let service: TestService;
beforeAll(async () => {
  service = await startService(undefined, { limits: { requestMs: 1_000, checkMs: 20 } });
}, 60_000);
afterAll(() => service?.close());

const HIDDEN = written('GET /health/live', ['Connection: close']);
const CHUNKED = 'Transfer-Encoding: chunked';
const ENDED = '0\r\n\r\n';
const length = (of: string): string => `Content-Length: ${of.length}`;
const post = (headers: readonly string[], rest: string): string =>
  written('POST /api/dossiers', ['Content-Type: application/json', ...headers], rest);

describe('a request that two readers would end at different places', () => {
  it.each([
    ['length and pieces', post([length(ENDED + HIDDEN), CHUNKED], ENDED + HIDDEN)],
    ['pieces and length', post([CHUNKED, 'Content-Length: 4'], `1\r\nZ\r\n${ENDED}${HIDDEN}`)],
    ['two lengths', post(['Content-Length: 0', length(HIDDEN)], HIDDEN)],
    ['two lengths in one', post(['Content-Length: 0, 50'], HIDDEN)],
    ['a length with a sign', post([`Content-Length: +${HIDDEN.length}`], HIDDEN)],
    ['pieces that are not the last coding', post(['Transfer-Encoding: chunked, identity'], ENDED + HIDDEN)],
    ['pieces by another name', post(['Transfer-Encoding: xchunked'], ENDED + HIDDEN)],
    ['pieces twice', post([CHUNKED, 'Transfer-Encoding: identity'], ENDED + HIDDEN)],
    ['a blank before the colon', post(['Transfer-Encoding : chunked'], ENDED + HIDDEN)],
    ['a header that goes on in the next line', post(['X: y', ` ${CHUNKED}`], ENDED + HIDDEN)],
    ['a line that ends without CR', post([`X: y\n${CHUNKED}`, length(ENDED)], ENDED + HIDDEN)],
    ['a NUL in a header', post([`X: y\0${CHUNKED}`, 'Content-Length: 0'], HIDDEN)],
    ['a CR alone in a header', post([`X: y\r${CHUNKED}`, 'Content-Length: 0'], HIDDEN)],
    ['a size of a piece that overflows', post([CHUNKED], `ffffffffffffffff1\r\n${HIDDEN}`)],
    ['a size that is none', post([CHUNKED], `0x0\r\n\r\n${HIDDEN}`)],
    ['a piece longer than stated', post([CHUNKED], `1\r\nZZ\r\n${ENDED}${HIDDEN}`)],
    ['two hosts', written('GET /health/live', ['Host: example.org'])],
    ['another host in the address', written('GET http://example.org/health/live')],
    ['no host', 'GET /health/live HTTP/1.1\r\n\r\n'],
  ])('%s: is refused, with all that comes after it', async (_what, bytes) => {
    await expectNothingWritten(service, async () => {
      const answers = await exchange(service, bytes);
      expect(answers.map(({ status }) => status)).toEqual([400]);
      expect(answers[0]?.headers).toMatch(/^connection: close$/im);
    });
  });
});

describe('requests sent one after another without waiting', () => {
  it('are answered each, in their order', async () => {
    const paths = Array.from({ length: 40 }, (_, n) => (n % 3 === 0 ? '/nothing' : '/health/live'));
    const last = written('GET /nothing', ['Connection: close']);
    const answers = await exchange(service, paths.map((path) => written(`GET ${path}`)).join('') + last);
    expect(answers.map(({ status }) => status)).toEqual(
      [...paths, '/nothing'].map((path) => (path === '/nothing' ? 404 : 200)),
    );
  });
});
