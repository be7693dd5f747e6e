import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exchange, RawConnection, written } from '../support/raw-http.js';
import { startService, type TestService } from '../support/service.js';
import { expectNothingWritten } from '../support/whole-log.js';

let service: TestService;
beforeAll(async () => {
  service = await startService(undefined, { limits: { requestMs: 2_000, checkMs: 50 } });
}, 60_000);
afterAll(() => service?.close());

const CLOSE = 'Connection: close';
const JSON_BODY = ['Content-Type: application/json'];

describe('a request that is too large', () => {
  it.each([
    ['a header', [`X-Large: ${'x'.repeat(20_000)}`]],
    ['all headers together', Array.from({ length: 90 }, (_, n) => `X-${n}: ${'x'.repeat(200)}`)],
    ['the number of headers', Array.from({ length: 120 }, (_, n) => `X-${n}: 1`)],
    ['a header given many times', Array.from({ length: 120 }, () => 'Accept-Language: vi')],
  ])('in %s is refused', async (_what, headers) => {
    const answers = await exchange(service, written('GET /health/live', [...headers, CLOSE]));
    expect(answers).toMatchObject([{ status: 431 }]);
    expect(answers[0]?.body).toContain('/api/problems/headers-too-large');
  });

  it.each([
    ['path', `/api/dossiers/${'x'.repeat(20_000)}`, 431],
    ['query', `/api/dossiers?q=${'x'.repeat(20_000)}`, 431],
    ['parameter', `/api/dossiers/${'x'.repeat(2_000)}`, 404],
  ])('in its %s is refused', async (_what, path, status) => {
    expect(await exchange(service, written(`GET ${path}`, [CLOSE]))).toMatchObject([{ status }]);
  });

  it('in pieces without end is refused once it is too large, and the connection with it', async () => {
    await expectNothingWritten(service, async () => {
      const connection = new RawConnection(service);
      connection.say(written('POST /api/dossiers', [...JSON_BODY, 'Transfer-Encoding: chunked']));
      const piece = `10000\r\n${' '.repeat(65_536)}\r\n`;
      await connection.trickle(Array<string>(200).fill(piece), 1);
      await connection.ended;
      expect(connection.answers[0]).toMatchObject({ status: 413 });
    });
  });

  it('in a size that no number holds is refused', async () => {
    for (const length of ['99999999999999999999', '1e9', '-1', '0x10', '1 2']) {
      const bytes = written('POST /api/dossiers', [...JSON_BODY, `Content-Length: ${length}`], '{}');
      const [answer] = await exchange(service, bytes);
      expect([length, answer?.status]).toEqual([length, 400]);
    }
  });

  it('than it states: what is beyond is no part of it, and no request', async () => {
    const body = '{}';
    const bytes = written(
      'POST /api/dossiers',
      [...JSON_BODY, `Content-Length: ${body.length}`],
      `${body}{"x":1}`,
    );
    const answers = await exchange(service, bytes);
    expect(answers.length).toBeLessThanOrEqual(2);
    expect(answers.at(-1)?.body).toContain('/api/problems/request-malformed');
  });
});
