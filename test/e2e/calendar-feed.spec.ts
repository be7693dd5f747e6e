import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import ICAL from 'ical.js';
import type { OwnGrant } from '#libs/access/accounts/account.events.js';
import { NAMED_LIMITS } from '#libs/access/limits/request-limiter.js';
import { openSession } from '../support/access-desk.js';
import { type Held, heldIn, OPENING } from '../support/desk.js';
import { call, refused } from '../support/http.js';
import { startService, type TestService } from '../support/service.js';
import { bearer, issueToken } from '../support/tokens.js';

const NOW = '2024-03-11T02:00:00.000Z';
const OFFICIAL = 'official-9';
const PATH = '/api/account/calendar-feed';
const NOBODY = { authorization: undefined };
let service: TestService;
let held: Held;
let dueAt: string;
beforeAll(async () => {
  service = await startService(NOW, { publicUrl: 'https://motcua.example' });
  await account(OFFICIAL, { role: 'official', units: ['QLDT'] });
  await account('supervisor-9', { role: 'supervisor', units: ['QLDT'] });
  await account('supervisor-8', { role: 'supervisor', units: ['H54.13'] });
  held = await heldIn(service, 'accepted');
  dueAt = held.last.dueAt ?? '';
  await held.take('hand-over', { toOfficial: OFFICIAL });
  await service.settled();
}, 60_000);
afterAll(() => service.close());

const account = (id: string, ...grants: OwnGrant[]): Promise<void> =>
  issueToken(service.accounts, id, { grants }, service.clock);

/** The path of a new feed. */
async function made(id: string, key = randomUUID()): Promise<string> {
  const headers = { ...NOBODY, ...(await openSession(service, id)), 'idempotency-key': key };
  const { status, body } = await call<{ address: string }>(service, 'POST', PATH, { body: {}, headers });
  expect(status).toBe(201);
  expect(body.address).toMatch(/^https:\/\/motcua\.example\/api\/calendar\/feed_[\w-]{43}\.ics$/);
  return new URL(body.address).pathname;
}
const ask = (path: string) => call<string>(service, 'GET', path, { headers: NOBODY });
async function events(path: string): Promise<ICAL.Event[]> {
  const { status, text } = await ask(path);
  expect([status, text]).toEqual([200, text]);
  return new ICAL.Component(ICAL.parse(text) as string)
    .getAllSubcomponents('vevent')
    .map((each) => new ICAL.Event(each));
}
const summaries = async (path: string): Promise<string[]> =>
  (await events(path)).map(({ summary }) => summary);

describe('a calendar feed', () => {
  let feed: string;

  it('holds when what is in one’s charge falls due, without a name', async () => {
    feed = await made(OFFICIAL);
    const [event, ...others] = await events(feed);
    expect(others).toEqual([]);
    expect(event?.startDate.toJSDate().toISOString()).toBe(dueAt);
    expect(event?.summary).toBe(held.code);
    expect(event?.description).toContain(OPENING.procedure);
    const { headers, text } = await ask(feed);
    expect(headers.get('content-type')).toBe('text/calendar; charset=utf-8');
    expect(headers.get('cache-control')).toMatch(/^private/);
    expect(text).not.toContain('Ánh Dương');
  });

  it('holds what one’s units have for a supervisor, and nothing of other units', async () => {
    expect(await summaries(await made('supervisor-9'))).toEqual([held.code]);
    expect(await summaries(await made('supervisor-8'))).toEqual([]);
  });

  it('says what is late, and leaves out what has ended or is far ahead', async () => {
    const later = await heldIn(service, 'processing');
    service.clock.set('2024-03-15T02:00:00.000Z');
    expect(await summaries(feed)).toEqual([`Quá hạn / late: ${held.code}`]);
    service.clock.set('2023-11-15T02:00:00.000Z');
    expect(await summaries(feed)).toEqual([]);
    service.clock.set(NOW);
    await later.take('hand-over', { toOfficial: OFFICIAL });
    await held.take('resolve');
    await service.settled();
    expect(await summaries(feed)).toEqual([later.code]);
  });

  it('is made once for a key, and only by who has signed in', async () => {
    const headers = { ...NOBODY, ...(await openSession(service, OFFICIAL)), 'idempotency-key': 'k' };
    const first = await call<{ address: string }>(service, 'POST', PATH, { body: {}, headers });
    feed = new URL(first.body.address).pathname;
    expect((await call(service, 'POST', PATH, { body: {}, headers })).body).toEqual({ address: null });
    expect((await ask(feed)).status).toBe(200);
    await refused(service, [403, 'session-needed'], 'POST', PATH, { body: {}, headers: bearer(OFFICIAL) });
  });

  it('is gone when it was replaced or withdrawn, or its account is closed; each by the same answer and work', async () => {
    const replaced = feed;
    const withdrawn = await made(OFFICIAL);
    expect((await ask(withdrawn)).status).toBe(200);
    expect((await call(service, 'DELETE', PATH, { headers: bearer(OFFICIAL) })).status).toBe(200);
    const closed = await made('supervisor-8');
    const by = (key: string) => ({ actor: 'tester', correlationId: 'x', key });
    await service.accounts.carryOut({ account: 'supervisor-8', do: 'close' }, by('close'));
    const wrong = `/api/calendar/feed_${'A'.repeat(43)}.ics`;
    const answers = new Set<string>();
    const queries = jest.spyOn(service.platform.pool, 'query');
    const work = new Set<number>();
    for (const path of [replaced, withdrawn, closed, wrong, '/api/calendar/x.ics']) {
      queries.mockClear();
      const headers = { ...NOBODY, 'x-correlation-id': 'same' };
      answers.add((await call(service, 'GET', path, { headers })).text);
      work.add(
        queries.mock.calls.filter(([sql]) => JSON.stringify(sql).includes('worklist.dossiers')).length,
      );
    }
    queries.mockRestore();
    expect([...answers]).toEqual([expect.stringContaining('calendar-feed-unknown')]);
    expect([...work]).toEqual([1]);
    // Not even when it is opened again.
    await service.accounts.carryOut({ account: 'supervisor-8', do: 'reopen' }, by('reopen'));
    expect((await ask(closed)).status).toBe(404);
  });

  it('is not guessed: whoever tries many is told to wait', async () => {
    let status = 404;
    for (let tries = 0; status === 404 && tries <= NAMED_LIMITS['calendar-feed'].points; tries += 1)
      ({ status } = await ask('/api/calendar/feed_x.ics'));
    expect(status).toBe(429);
  });
});
