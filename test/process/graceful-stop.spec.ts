import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase } from '../support/database.js';
import { OPENING } from '../support/desk.js';
import { type Program, startedService } from '../support/program.js';
import { bearer } from '../support/tokens.js';

interface Answer {
  readonly code: string;
  readonly position: number;
  readonly recordedAt: string;
}
type Sent =
  | { readonly key: string; readonly status: number; readonly answer: Answer; readonly connection: string }
  | { readonly key: string; readonly cut: string };

const CLIENTS = 30;
const LIMIT = 90_000;

/** Opens a dossier under that key. */
function send(url: string, key: string, agent: Agent): Promise<Sent> {
  return new Promise((resolve) => {
    const sent = request(
      `${url}/api/dossiers`,
      {
        method: 'POST',
        agent,
        headers: { 'content-type': 'application/json', ...bearer('clerk-1'), 'idempotency-key': key },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('error', (error: NodeJS.ErrnoException) => resolve({ key, cut: error.code ?? 'cut' }));
        response.on('end', () =>
          resolve({
            ...{ key, status: response.statusCode ?? 0, answer: JSON.parse(text) as Answer },
            connection: response.headers.connection ?? '',
          }),
        );
      },
    );
    sent.on('error', (error: NodeJS.ErrnoException) => resolve({ key, cut: error.code ?? 'cut' }));
    sent.end(JSON.stringify(OPENING));
  });
}

describe('a service that is told to stop while many are at work', () => {
  const after: (() => Promise<unknown>)[] = [];
  /** One for all: the demonstration desk is loaded once. */
  let DATABASE_URL: string;
  let drop: () => Promise<void>;
  beforeAll(async () => ({ url: DATABASE_URL, drop } = await createTestDatabase()));
  afterAll(() => drop());
  afterEach(async () => {
    for (let undo = after.pop(); undo; undo = after.pop()) await undo();
  });

  async function started(env: NodeJS.ProcessEnv): Promise<{ program: Program; url: string }> {
    const running = await startedService(env);
    after.push(async () => {
      running.program.signal('SIGKILL');
      await running.program.ended;
    });
    return running;
  }

  /** Clerks who open dossiers one after the other until nobody answers; half of them keep their connection. */
  function clerks(url: string): { sent: Sent[]; enough: Promise<void>; ended: Promise<unknown> } {
    const sent: Sent[] = [];
    let many = (): void => undefined;
    const enough = new Promise<void>((resolve) => (many = resolve));
    const work = async (keepAlive: boolean): Promise<void> => {
      const agent = new Agent({ keepAlive });
      for (;;) {
        const one = await send(url, randomUUID(), agent);
        sent.push(one);
        if (sent.length > CLIENTS * 3) many();
        if ('cut' in one && one.cut === 'ECONNREFUSED') {
          agent.destroy();
          return;
        }
      }
    };
    return { sent, enough, ended: Promise.all(Array.from({ length: CLIENTS }, (_, n) => work(n % 2 === 0))) };
  }

  it(
    'answers every request that it took up, loses nothing, and ends in time with 0',
    async () => {
      const { program, url } = await started({ DATABASE_URL });
      const { sent, enough, ended } = clerks(url);
      await enough;
      const begun = performance.now();
      program.signal('SIGTERM');
      const { code, stderr } = await program.ended;
      const took = performance.now() - begun;
      await ended;
      expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringMatching(/error|unhandled/i) });
      expect(took).toBeLessThan(10_000);

      const answered = sent.flatMap((one) => ('status' in one ? [one] : []));
      expect(answered.filter(({ status }) => status !== 201)).toEqual([]);
      expect(answered.length).toBeGreaterThan(CLIENTS);
      const codes = answered.map(({ answer }) => answer.code);
      expect(new Set(codes).size).toBe(codes.length);

      const again = await started({ DATABASE_URL });
      const agent = new Agent({ keepAlive: true });
      after.push(async () => agent.destroy());
      const last = Math.max(...answered.map(({ answer }) => answer.position));
      for (const one of sent) {
        const repeat = await send(again.url, one.key, agent);
        expect(repeat).toMatchObject({ status: 201 });
        if (!('status' in repeat)) continue;
        if ('status' in one) expect(repeat.answer).toEqual(one.answer);
        // What was not answered was not taken up either.
        else expect(repeat.answer.position).toBeGreaterThan(last);
      }
    },
    LIMIT,
  );

  it(
    'says first that it is no longer ready, and still answers for as long as it is told to',
    async () => {
      const { program, url } = await started({ DATABASE_URL, MOTCUA_DRAIN_SECONDS: '2' });
      const ready = async (): Promise<[number, string]> => {
        const answer = await fetch(`${url}/health/ready`);
        return [answer.status, ((await answer.json()) as { status: string }).status];
      };
      expect((await ready())[0]).toBe(200);
      const { port } = new URL(url);
      const stream = connect(Number(port), '127.0.0.1');
      stream.write(
        `GET /api/updates HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: ${bearer('clerk-1').authorization}\r\n\r\n`,
      );
      await once(stream.resume(), 'data');
      const closed = once(stream, 'close');

      program.signal('SIGTERM');
      let state = await ready();
      while (state[0] === 200) state = await ready();
      expect(state).toEqual([503, 'stopping']);
      const agent = new Agent({ keepAlive: true });
      expect(await send(url, randomUUID(), agent)).toMatchObject({ status: 201, connection: 'close' });
      await closed;
      expect(await program.ended).toMatchObject({ code: 0 });
    },
    LIMIT,
  );

  it(
    'does not wait longer than some seconds for a client that never ends its request',
    async () => {
      const { program, url } = await started({ DATABASE_URL });
      const slow = connect(Number(new URL(url).port), '127.0.0.1');
      slow.on('error', () => undefined);
      slow.write('POST /api/dossiers HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{');
      await fetch(`${url}/health/live`);
      const begun = performance.now();
      program.signal('SIGTERM');
      expect(await program.ended).toMatchObject({ code: 0 });
      expect(performance.now() - begun).toBeLessThan(9_000);
    },
    LIMIT,
  );
});
