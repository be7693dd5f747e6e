import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { collect } from '#libs/event-log/testing/contract-support.js';
import { Held, heldIn, OPENING, open } from '../support/desk.js';
import { type Answer, call, refused } from '../support/http.js';
import { startService, type TestService } from '../support/service.js';
import { bearer, issueToken } from '../support/tokens.js';

let service: TestService;
beforeAll(async () => (service = await startService()), 60_000);
afterAll(() => service.close());

const head = () => service.platform.log.head();
const keyed = (key: string, more: Record<string, string> = {}) => ({ 'idempotency-key': key, ...more });
const shown = ({ status, text, headers }: Answer<unknown>) => ({
  ...{ status, text },
  ...{ etag: headers.get('etag'), location: headers.get('location') },
});

describe('the key of a command', () => {
  it('must be stated', async () => {
    const problem = await refused(service, [400, 'idempotency-key-missing'], 'POST', '/api/dossiers', {
      ...{ body: OPENING, headers: { 'idempotency-key': undefined } },
    });
    expect(problem.errors?.[0]?.pointer).toBe('header:Idempotency-Key');
  });

  it.each([
    ['empty', ''],
    ['with a blank', 'a b'],
    ['too long', 'k'.repeat(201)],
    ['not ASCII', 'kh\u00f3a'],
  ])('is refused when it is %s', async (_what, key) => {
    await refused(service, [400, 'idempotency-key-malformed'], 'POST', '/api/dossiers', {
      ...{ body: OPENING, headers: keyed(key) },
    });
  });
});

describe('a repeat', () => {
  it('gets the first answer to the byte, also after further steps', async () => {
    const headers = keyed(randomUUID());
    const first = await open(service, {}, { headers });
    const held = await new Held(service, first.body).takeAll('hand-over', 'resolve');
    const before = await head();
    expect(shown(await open(service, {}, { headers }))).toEqual(shown(first));
    expect(await head()).toBe(before);
    expect(held.last.revision).toBe(2);
  });

  it('of a step gets its first answer, whatever revision it states', async () => {
    const held = await heldIn(service, 'accepted');
    const sent = held.sending('hand-over', {}, keyed(randomUUID()));
    const first = await call(service, 'POST', `${held.path}/hand-over`, sent);
    held.last = first.body;
    await held.takeAll('annotate', 'resolve');
    const again = { ...sent, headers: { ...sent.headers, 'if-match': '"3"' } };
    expect(shown(await call(service, 'POST', `${held.path}/hand-over`, sent))).toEqual(shown(first));
    expect(shown(await call(service, 'POST', `${held.path}/hand-over`, again))).toEqual(shown(first));
  });

  it('at the same time gets the same answer, and one dossier is opened', async () => {
    const headers = keyed(randomUUID());
    const before = await head();
    const answers = await Promise.all(Array.from({ length: 12 }, () => open(service, {}, { headers })));
    expect(new Set(answers.map((answer) => JSON.stringify(shown(answer)))).size).toBe(1);
    expect(answers[0]?.status).toBe(201);
    expect(await collect(service.platform.log.readAll({ from: before }))).toHaveLength(1);
  });

  it('may write the same Vietnamese name composed or decomposed', async () => {
    const headers = keyed(randomUUID());
    const name = 'Nguyễn Thị Đặng Hường';
    const first = await open(service, { applicant: { name: name.normalize('NFC') } }, { headers });
    const second = await open(service, { applicant: { name: name.normalize('NFD') } }, { headers });
    expect(shown(second)).toEqual(shown(first));
  });

  it('may write members in another order, and the same instant in another zone', async () => {
    const headers = keyed(randomUUID());
    const { unit, procedure, channel, applicant } = OPENING;
    const first = await open(service, { occurredAt: '2024-03-11T08:00:00+07:00' }, { headers });
    const second = await call(service, 'POST', '/api/dossiers', {
      body: { occurredAt: '2024-03-11T01:00:00Z', applicant, channel, procedure, unit, case: 'default' },
      headers,
    });
    expect(shown(second)).toEqual(shown(first));
  });
});

describe('a key', () => {
  it('used with another body, step or dossier is refused, and nothing is written', async () => {
    const key = randomUUID();
    const held = new Held(service, (await open(service, {}, { headers: keyed(key) })).body);
    const other = await heldIn(service, 'accepted');
    const before = await head();
    const reused = [422, 'idempotency-key-reused'] as const;
    await refused(service, reused, 'POST', '/api/dossiers', {
      ...{ body: { ...OPENING, procedure: '1.009662' }, headers: keyed(key) },
    });
    const { channel: _, ...registration } = OPENING;
    await refused(service, reused, 'POST', '/api/dossiers/register', {
      ...{ body: registration, headers: keyed(key) },
    });
    await refused(service, reused, 'POST', `${held.path}/annotate`, held.sending('annotate', {}, keyed(key)));
    await refused(
      service,
      reused,
      'POST',
      `${other.path}/annotate`,
      other.sending('annotate', {}, keyed(key)),
    );
    expect(await head()).toBe(before);
  });

  it('of a step used with another body is refused, also while the first is under way', async () => {
    const held = await heldIn(service, 'accepted');
    const key = keyed(randomUUID());
    const answers = await Promise.all(
      ['a', 'b', 'c'].map((note) =>
        call(service, 'POST', `${held.path}/annotate`, held.sending('annotate', { note }, key)),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 422, 422]);
  });

  it('is free again when its command was refused', async () => {
    const headers = keyed(randomUUID());
    await refused(service, [422, 'unit-unknown'], 'POST', '/api/dossiers', {
      ...{ body: { ...OPENING, unit: 'H99.99' }, headers },
    });
    expect((await open(service, {}, { headers })).status).toBe(201);
    const held = await heldIn(service, 'accepted');
    const step = held.sending('resolve', {}, keyed(randomUUID()));
    await refused(service, [409, 'step-not-allowed'], 'POST', `${held.path}/resolve`, step);
    await held.take('hand-over');
    const again = { ...step, headers: { ...step.headers, 'if-match': '"1"' } };
    expect((await call(service, 'POST', `${held.path}/resolve`, again)).status).toBe(200);
  });

  it('is the actor’s own: two actors may use the same', async () => {
    const key = randomUUID();
    const codes = await Promise.all(
      ['clerk-1', 'clerk-2'].map((actor) => open(service, {}, { headers: keyed(key, bearer(actor)) })),
    );
    expect(new Set(codes.map(({ body }) => body.code)).size).toBe(2);
  });

  it('of a publication gets the first answer too, and is refused with other content', async () => {
    const headers = keyed(randomUUID(), bearer('admin-1'));
    const body = {
      ...{ name: { vi: 'Đơn vị thử', en: 'Test unit' }, calendar: 'vn', policy: 'vn-default' },
      ...{ sequenceDigits: 3, validFrom: '2024-01-01', source: 'test' },
    };
    const publish = (more: object) =>
      call<{ version: number }>(service, 'POST', '/api/units/H54.99/versions', {
        ...{ body: { ...body, ...more }, headers },
      });
    const first = await publish({});
    expect(shown(await publish({}))).toEqual(shown(first));
    expect((await publish({ sequenceDigits: 4 })).status).toBe(422);
  });
});

describe('fifty clerks at once', () => {
  it('get fifty codes of the day without gaps, and repeats of half of them change nothing', async () => {
    service.clock.set('2024-03-12T02:00:00.000Z');
    for (let n = 0; n < 50; n += 1) await issueToken(service.accounts, `clerk-${n}`, {}, service.clock);
    const sent = Array.from({ length: 50 }, (_, n) => ({
      headers: keyed(`clerk-${n}`, bearer(`clerk-${n}`)),
    }));
    const answers = await Promise.all([...sent, ...sent.slice(0, 25)].map((each) => open(service, {}, each)));
    const codes = [...new Set(answers.map(({ body }) => body.code))].sort();
    expect(codes).toEqual(
      Array.from({ length: 50 }, (_, n) => `H54.12-240312-${String(n + 1).padStart(4, '0')}`),
    );
  });
});

describe('thirty administrators at once', () => {
  it('publish thirty versions, each with a number of its own', async () => {
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        call<{ version: number }>(service, 'POST', '/api/units/H54.77/versions', {
          body: {
            ...{ name: { vi: `Đơn vị ${n}`, en: `Unit ${n}` }, calendar: 'vn', policy: 'vn-default' },
            ...{ sequenceDigits: 4, validFrom: '2024-01-01', source: 'test' },
          },
        }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
    const numbers = answers.map(({ body }) => body.version).sort((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: 30 }, (_, n) => n + 1));
  });
});
