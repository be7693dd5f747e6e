import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { RawConnection, written } from '../support/raw-http.js';
import { startService, type TestService } from '../support/service.js';

const LIMITS = { headersMs: 200, requestMs: 400, silentMs: 500, keptMs: 300, checkMs: 20, connections: 60 };

let service: TestService;
beforeAll(async () => {
  service = await startService(undefined, { limits: LIMITS });
}, 60_000);
afterAll(() => service?.close());

function* without(end: string): Generator<string> {
  for (;;) yield end;
}
const JSON_BODY = ['Content-Type: application/json'];

/** The connection is ended by the service, after this one answer. */
async function expectRefused(connection: RawConnection): Promise<void> {
  await connection.ended;
  expect(connection.answers).toMatchObject([{ status: 408 }]);
  expect(connection.answers[0]?.body).toContain('/api/problems/request-too-slow');
}

describe('a client that is slow', () => {
  it('is cut off in its headers, which come one by one and without end', async () => {
    const connection = new RawConnection(service).say('GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n');
    await connection.trickle(without('X-More: 1\r\n'), 20);
    await expectRefused(connection);
  });

  it('is cut off in its first line', async () => {
    const connection = new RawConnection(service);
    await connection.trickle(without('G'), 20);
    await connection.ended;
  });

  it('is cut off if it says nothing at all', async () => {
    await expectRefused(new RawConnection(service));
  });

  it.each([
    ['whose length is stated', ['Content-Length: 100000'], ' '],
    ['in pieces without end', ['Transfer-Encoding: chunked'], '1\r\n \r\n'],
  ])('is cut off in a body %s', async (_what, headers, piece) => {
    const connection = new RawConnection(service).say(
      written('POST /api/dossiers', [...JSON_BODY, ...headers]),
    );
    await connection.trickle(without(piece), 20);
    await expectRefused(connection);
  });

  it('is cut off if it states a longer body than it sends', async () => {
    const connection = new RawConnection(service);
    connection.say(written('POST /api/dossiers', [...JSON_BODY, 'Content-Length: 100'], '{}'));
    await expectRefused(connection);
  });

  it('is cut off between two requests', async () => {
    const connection = new RawConnection(service).say(written('GET /health/live'));
    await connection.ended;
    expect(connection.answers).toMatchObject([{ status: 200 }]);
  });

  it('is cut off if it reads nothing of its answers', async () => {
    const open = () =>
      new Promise<number>((resolve) =>
        service.app.getHttpServer().getConnections((_: unknown, count: number) => resolve(count)),
      );
    await eventually(async () => expect(await open()).toBe(0));
    const connection = new RawConnection(service).deafen();
    connection.say(written('GET /api/openapi.json').repeat(200));
    await eventually(async () => expect(await open()).toBe(1));
    await eventually(async () => expect(await open()).toBe(0));
    connection.hangUp();
  });

  it('holds up nobody else, and no more than so many are kept', async () => {
    const slow = Array.from({ length: 50 }, () => new RawConnection(service).say('GET / HTTP/1.1\r\n'));
    const answer = await fetch(`${service.url}/health/live`);
    expect(answer.status).toBe(200);
    const more = Array.from({ length: 30 }, () => connect(Number(new URL(service.url).port), '127.0.0.1'));
    const closed = await Promise.race(more.map((socket) => once(socket.resume(), 'close').then(() => true)));
    expect(closed).toBe(true);
    for (const socket of more) socket.destroy();
    await Promise.all(slow.map(({ ended }) => ended));
    expect((await fetch(`${service.url}/health/live`)).status).toBe(200);
  });
});
