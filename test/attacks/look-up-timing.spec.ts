import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { NAMED_LIMITS } from '#libs/access/limits/request-limiter.js';
import type { OpeningAnswer } from '#libs/dossier/commands/answer.js';
import { type NewEvent, streamName } from '#libs/event-log/event-log.js';
import { lookUpSecret } from '#libs/look-up/secret.js';
import { open } from '../support/desk.js';
import { call, refused } from '../support/http.js';
import { startService, type TestService } from '../support/service.js';
import { bearer } from '../support/tokens.js';
import { expectNothingWritten } from '../support/whole-log.js';

const WRONG = 'ZZZZ-ZZZZ-ZZZZ';
const LIMIT = NAMED_LIMITS['look-up'];
const PATH = '/api/look-up';
/** Nobody who is known, at an address of this test's own: no attempt of one test counts in the next. */
let anonymous: { authorization: undefined; 'x-forwarded-for': string };
let tests = 0;
beforeEach(() => {
  anonymous = { authorization: undefined, 'x-forwarded-for': `203.0.113.${(tests += 1)}` };
});

let service: TestService;
let right: { code: string; secret: string };
/** A dossier that an import brought and that was taken back, with its right secret. */
let takenBack: { code: string; secret: string };
beforeAll(async () => {
  // Without followers of the log, whose own reads would be counted.
  service = await startService(undefined, { projecting: false, trustedProxies: ['127.0.0.1'] });
  right = await opened();
  takenBack = await imported(right);
}, 60_000);
afterAll(() => service.close());

async function opened(): Promise<{ code: string; secret: string }> {
  const { code, lookUpSecret: secret } = (await open(service)).body as OpeningAnswer;
  return { code, secret };
}

/** The same dossier once more under another code, brought by an import that was taken back. */
async function imported({ code }: { code: string }): Promise<{ code: string; secret: string }> {
  const { log, vault } = service.platform;
  const again = `${code}R`;
  const source = { file: 'receipt.csv', row: 1 };
  const common = { schemaVersion: 1, occurredAt: '2024-03-11T02:00:00.000Z' };
  const metadata = { actor: 'import', correlationId: 'x', causationId: 'x', source };
  const events: NewEvent[] = [];
  for await (const { type, schemaVersion, data, occurredAt } of log.readStream(streamName('dossier', code)))
    events.push({
      id: randomUUID(),
      type,
      schemaVersion,
      data: { ...data, code: again },
      occurredAt,
      metadata,
    });
  events.push({ ...common, id: randomUUID(), type: 'ImportReversed', data: { file: source.file }, metadata });
  await log.append(streamName('dossier', again), 'no_stream', events);
  return { code: again, secret: lookUpSecret(vault, again) };
}

/** Every way to be wrong that a stranger could tell apart from others, if the service helped him. */
function wrongs(): Record<string, { code: string; secret: string }> {
  const { code, secret } = right;
  const { vault } = service.platform;
  const unknown = `${code}9`;
  return {
    'a wrong secret': { code, secret: WRONG },
    'a secret wrong in its last sign': {
      code,
      secret: secret.slice(0, -1) + (secret.endsWith('0') ? '1' : '0'),
    },
    'a secret wrong in its first sign': {
      code,
      secret: (secret.startsWith('0') ? '1' : '0') + secret.slice(1),
    },
    'a secret with something after it': { code, secret: `${secret}0` },
    'no secret': { code, secret: '' },
    'the secret of another dossier': { code, secret: takenBack.secret },
    'an unknown code': { code: unknown, secret: WRONG },
    'an unknown code with what would be its secret': { code: unknown, secret: lookUpSecret(vault, unknown) },
    'a malformed code': { code: '\u0000\ud800', secret: WRONG },
    'a malformed code with a right secret': { code: `${code}\u0000`, secret },
    'no code': { code: '', secret: WRONG },
    'the code that stands for none': { code: '?', secret: WRONG },
    'the stream of another kind': { code: '../account-clerk-1', secret: WRONG },
    'a pattern': { code: `${code.slice(0, -1)}%`, secret: WRONG },
    'an import taken back': takenBack,
    'an import taken back with a wrong secret': { code: takenBack.code, secret: WRONG },
  };
}

/** Only who has a right secret already can make the service read another stream than the one of no dossier. */
const WITH_SECRET = ['right', 'an import taken back', 'an unknown code with what would be its secret'];

/** What the process keeps up on its own. */
const BESIDE = /^\s*WITH relaxed/;
const textOf = ([query]: readonly unknown[]): string =>
  typeof query === 'string' ? query : String((query as { text?: unknown }).text);

describe('whoever looks up without being entitled', () => {
  it('causes the same work, whatever is wrong: the same calls of the log, the vault and the database', async () => {
    const { log, vault, pool } = service.platform;
    const spies = {
      reads: jest.spyOn(log, 'readStream'),
      heads: jest.spyOn(log, 'head'),
      digests: jest.spyOn(vault, 'digest'),
      openings: jest.spyOn(vault, 'open'),
      queries: jest.spyOn(pool, 'query'),
    };
    const works = new Map<string, string[]>();
    try {
      for (const [way, body] of Object.entries({ right, ...wrongs() })) {
        for (const spy of Object.values(spies)) spy.mockClear();
        await call(service, 'POST', PATH, { body, headers: anonymous });
        const queries = spies.queries.mock.calls.map(textOf).filter((text) => !BESIDE.test(text));
        const work = JSON.stringify({
          ...{ reads: spies.reads.mock.calls.length, heads: spies.heads.mock.calls.length },
          ...{ digests: spies.digests.mock.calls.map(([purpose]) => purpose) },
          ...{ openings: spies.openings.mock.calls.length, queries: new Set(queries).size },
        });
        works.set(work, [...(works.get(work) ?? []), way]);
        const [stream] = spies.reads.mock.calls[0] ?? [];
        if (!WITH_SECRET.includes(way)) expect([way, stream]).toEqual([way, 'dossier-%3F']);
      }
    } finally {
      for (const spy of Object.values(spies)) spy.mockRestore();
    }
    // The limit by address counts once, with a digest of its own; the log is read once.
    const work = { reads: 1, heads: 0, digests: ['limit', 'look-up'], openings: 0, queries: 2 };
    expect([...works]).toEqual([[JSON.stringify(work), ['right', ...Object.keys(wrongs())]]]);
  });

  it('is answered in the same words, headers and number of bytes', async () => {
    const answers = new Map<string, string[]>();
    for (const [way, body] of Object.entries(wrongs())) {
      const headers = { ...anonymous, 'x-correlation-id': 'same' };
      const answer = await call(service, 'POST', PATH, { body, headers });
      const told = [...answer.headers].filter(([name]) => !['date', 'traceparent'].includes(name));
      const whole = JSON.stringify([answer.status, told, answer.text]);
      answers.set(whole, [...(answers.get(whole) ?? []), way]);
    }
    expect([...answers.values()]).toHaveLength(1);
    expect([...answers.keys()][0]).toContain('look-up-failed');
  });

  it('learns as little with an account, or with a proof that is none', async () => {
    for (const proof of [bearer('clerk-1'), { authorization: 'Bearer motcua_x' }])
      for (const code of [right.code, `${right.code}9`])
        await refused(service, [404, 'look-up-failed'], 'POST', PATH, {
          body: { code, secret: WRONG },
          headers: { ...anonymous, ...proof },
        });
  });

  it('finds no other way in: no other method, and no code in an address', async () => {
    await expectNothingWritten(service, async () => {
      const { code, secret } = right;
      const query = `?${new URLSearchParams({ code, secret }).toString()}`;
      for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE']) {
        for (const path of [PATH, PATH + query, `${PATH}/${code}`, `${PATH}/${code}/${secret}`]) {
          const answer = await fetch(service.url + path, { method });
          expect([method, path, answer.status]).toEqual([method, path, 404]);
          expect(answer.headers.get('allow')).toBeNull();
          expect(answer.headers.get('access-control-allow-origin')).toBeNull();
          expect(await answer.text()).not.toContain(code);
        }
      }
      const sent = { body: {}, headers: anonymous };
      await refused(service, [400, 'invalid-request'], 'POST', PATH + query, sent);
    });
  });
});

describe('whoever tries many', () => {
  const ask = (body: object): Promise<number> =>
    call(service, 'POST', PATH, { body, headers: anonymous }).then(({ status }) => status);

  it('is stopped by his address after so many, whatever he tries, and also with what is right', async () => {
    const ways = Object.values(wrongs());
    for (let tries = 0; tries < LIMIT.points; tries += 1)
      expect(await ask(ways[tries % ways.length] ?? {})).toBe(404);
    expect(await ask({ code: right.code, secret: WRONG })).toBe(429);
    const answer = await call(service, 'POST', PATH, { body: right, headers: anonymous });
    expect([answer.status, answer.text.includes('hand-over')]).toEqual([429, false]);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('is counted for what is right as for what is wrong', async () => {
    for (let tries = 0; tries < LIMIT.points; tries += 1) expect(await ask(right)).toBe(200);
    expect(await ask(right)).toBe(429);
    expect(await ask({ code: right.code, secret: WRONG })).toBe(429);
  });

  it('does not come from elsewhere because he says so', async () => {
    const direct = await startService(undefined, { beside: service, projecting: false });
    try {
      const names = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'x-client-ip', 'true-client-ip', 'via'];
      const statuses: number[] = [];
      for (let tries = 0; tries <= LIMIT.points; tries += 1) {
        const name = names[tries % names.length] ?? '';
        const headers = { authorization: undefined, [name]: `203.0.113.${tries}` };
        statuses.push((await call(direct, 'POST', PATH, { body: right, headers })).status);
      }
      expect([statuses.lastIndexOf(200), statuses.at(-1)]).toEqual([LIMIT.points - 1, 429]);
    } finally {
      await direct.close();
    }
  });
});
