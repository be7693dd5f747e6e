import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { rebuildProjections } from '#libs/projection/rebuild.js';
import { projectionsWith } from '#apps/worker/projections.js';
import type { ProcedureVersion } from '#libs/reference/reference.events.js';
import { verifyLog } from '#libs/event-log/verify.js';
import { Held, open } from '../support/desk.js';
import { call, refused } from '../support/http.js';
import { renewTokens, startService, type TestService } from '../support/service.js';
import { bearer } from '../support/tokens.js';

/** Kept for two years by its procedure; the desk's clock stands in March 2024. */
const KEPT = '1.009645';
const ACCEPTED = '2024-03-11T02:00:00.000Z';
const [FIRST, SECOND] = [bearer('supervisor-1'), bearer('supervisor-2')];

interface Erasure {
  proposal: string | null;
  erasedAt: string | null;
  revision: number;
  position: number;
}
interface Page {
  applicant: { name: string } | null;
  subjects: { applicant: string; submitter: string | null };
  erased: boolean;
  timeline: { personal?: object; erased?: true }[];
}

describe('forgetting a person', () => {
  let service: TestService;
  const page = async (code: string): Promise<Page> =>
    (await call<Page>(service, 'GET', `/api/dossiers/${code}`)).body;
  const found = async (q: string): Promise<string[]> => {
    await service.settled();
    const { body } = await call<{ items: { code: string }[] }>(
      service,
      'GET',
      `/api/dossiers?q=${encodeURIComponent(q)}`,
    );
    return body.items.map(({ code }) => code);
  };
  const send = (subject: string, path: string, body: object, headers: object, key: string = randomUUID()) =>
    call<Erasure>(service, 'POST', `/api/persons/${subject}/erasure${path}`, {
      body,
      headers: { ...headers, 'idempotency-key': key },
    });
  const ASKED = { basis: 'request', form: 'YC-2026/07', reason: 'Đơn của bà Lê Thị Quỳnh Hoa' };

  /** A dossier whose procedure has been carried out. */
  async function ended(applicant: object, over: object = {}): Promise<Held> {
    const held = new Held(service, (await open(service, { applicant, ...over })).body);
    return held.takeAll('hand-over', 'resolve', ['return', { note: 'Bà Lê Thị Quỳnh Hoa tự đến nhận' }]);
  }

  beforeAll(async () => {
    service = await startService(ACCEPTED);
    const [version] = (await call<ProcedureVersion[]>(service, 'GET', `/api/procedures/${KEPT}`)).body;
    const { name, field, level, limits, source } = version!;
    const body = { name: { vi: name.vi }, field, level, limits, source, validFrom: '2024-01-01' };
    const sent = { body: { ...body, retentionMonths: 24 }, headers: bearer('admin-1') };
    expect((await call(service, 'POST', `/api/procedures/${KEPT}/versions`, sent)).status).toBe(201);
  });
  afterAll(() => service.close());

  it('is barred while one of the dossiers is open, held or to be kept', async () => {
    const applicant = { name: 'Lê Thị Quỳnh Hoa', idNumber: '001175 009 911' };
    const one = await ended(applicant, { procedure: KEPT });
    const other = new Held(service, (await open(service, { applicant })).body);
    const subject = (await page(one.code)).subjects.applicant;
    // The same number, written in another way, is the same person.
    expect((await page(other.code)).subjects.applicant).toBe(subject);
    const barred = async (): Promise<unknown> => {
      const sent = { body: ASKED, headers: FIRST };
      const {
        open: o,
        held,
        kept,
      } = await refused(service, [409, 'erasure-barred'], 'POST', `/api/persons/${subject}/erasure`, sent);
      return { open: o, held, kept };
    };
    expect(await barred()).toEqual({ open: [other.code], held: [], kept: [one.code] });
    await other.takeAll('hand-over', 'resolve', 'place-hold');
    expect(await barred()).toEqual({ open: [], held: [other.code], kept: [one.code] });
    service.clock.set('2026-03-12T02:00:00.000Z');
    await renewTokens(service);
    expect(await barred()).toEqual({ open: [], held: [other.code], kept: [] });
    await other.take('lift-hold');
    const state = await call<{ bars: object[]; dossiers: string[] }>(
      service,
      'GET',
      `/api/persons/${subject}`,
      { headers: FIRST },
    );
    expect(state.body).toMatchObject({ bars: [], dossiers: [one.code, other.code].sort() });
    service.clock.set(ACCEPTED);
  });

  it('takes two persons, and leaves the log, its proofs and the report as they were', async () => {
    const applicant = { name: 'Phan Đình Phùng Khoang', idNumber: '001080123456', phone: '0987 654 321' };
    const held = await ended(applicant);
    const { code } = held;
    const { subjects } = await page(code);
    expect(await found('phung khoang')).toEqual([code]);
    expect(await found('001080123456')).toEqual([code]);
    const report = async (): Promise<unknown> =>
      (await call(service, 'GET', '/api/reports/ii-06a?period=2024-03&by=procedure')).body;
    const before = await report();

    const key = randomUUID();
    const proposed = await send(subjects.applicant, '', ASKED, FIRST, key);
    expect(proposed.body).toMatchObject({ proposal: 'e0', erasedAt: null, revision: 0 });
    expect((await send(subjects.applicant, '', ASKED, FIRST, key)).body).toEqual(proposed.body);
    await refused(
      service,
      [422, 'idempotency-key-reused'],
      'POST',
      `/api/persons/${subjects.applicant}/erasure`,
      {
        body: { ...ASKED, form: 'YC-2026/08' },
        headers: { ...FIRST, 'idempotency-key': key },
      },
    );
    await service.settled();
    const waiting = await call<{ items: { subject: string }[] }>(
      service,
      'GET',
      '/api/persons/erasure-proposals',
      { headers: SECOND },
    );
    expect(waiting.body.items).toEqual([
      expect.objectContaining({ subject: subjects.applicant, proposal: 'e0', proposedBy: 'supervisor-1' }),
    ]);
    const path = `/api/persons/${subjects.applicant}/erasure/approve`;
    await refused(service, [403, 'second-person-needed'], 'POST', path, {
      body: { proposal: 'e0' },
      headers: FIRST,
    });
    expect((await page(code)).applicant?.name).toBe(applicant.name);

    const approval = randomUUID();
    const erased = await send(subjects.applicant, '/approve', { proposal: 'e0' }, SECOND, approval);
    expect(erased.body).toMatchObject({ proposal: null, erasedAt: ACCEPTED, revision: 1 });
    const again = await send(subjects.applicant, '/approve', { proposal: 'e0' }, SECOND, approval);
    expect(again.body).toEqual(erased.body);

    const after = await page(code);
    expect(after).toMatchObject({ applicant: null, erased: true });
    expect(after.timeline.filter(({ erased }) => erased).length).toBeGreaterThan(1);
    expect(JSON.stringify(after)).not.toMatch(/Phan|Khoang|001080123456|Quỳnh Hoa/);
    expect(await found('phung khoang')).toEqual([]);
    expect(await found('001080123456')).toEqual([]);
    expect(await found(code)).toEqual([code]);
    expect(await report()).toMatchObject({ rows: (before as { rows: unknown }).rows });
    const { findings } = await verifyLog(service.platform.rawLog.readAll(), true);
    expect(findings).toEqual([]);
    await refused(service, [409, 'person-erased'], 'POST', `/api/persons/${subjects.applicant}/erasure`, {
      body: ASKED,
      headers: FIRST,
    });
  });

  it('gives the same tables when they are made anew, and the same number is a new person', async () => {
    await service.settled();
    const { platform } = service;
    const { log, pool, rawLog, vault } = platform;
    const projections = projectionsWith(vault);
    const results = await rebuildProjections({ log, pool, engine: rawLog.engine, projections });
    expect(results).toHaveLength(projections.length);
    for (const { name, compared, tables } of results) {
      const differing = tables.filter(({ onlyOld, onlyNew, changed }) => onlyOld + onlyNew + changed > 0);
      expect({ name, compared, differing }).toEqual({ name, compared: true, differing: [] });
    }
    const code = (await open(service, { applicant: { name: 'Phan Khoang', idNumber: '001080123456' } })).body
      .code;
    expect((await page(code)).applicant?.name).toBe('Phan Khoang');
    expect(await found('001080123456')).toEqual([code]);
  });

  it('falls due by law, which the list tells', async () => {
    const held = await ended({ name: 'Đặng Văn Hạn', idNumber: '079090000001' }, { procedure: KEPT });
    const { subjects } = await page(held.code);
    const due = async (): Promise<unknown[]> => {
      await service.settled();
      const { body } = await call<{ items: { subject: string; since: string }[] }>(
        service,
        'GET',
        '/api/persons/due-for-erasure',
        { headers: FIRST },
      );
      expect(body).toHaveProperty('items');
      return body.items.filter(({ subject }) => subject === subjects.applicant);
    };
    expect(await due()).toEqual([]);
    service.clock.set('2026-03-11T02:00:00.000Z');
    expect(await due()).toEqual([
      { subject: subjects.applicant, since: '2026-03-11T02:00:00.000Z', dossiers: [held.code] },
    ]);
    const byLaw = { ...ASKED, basis: 'retention' };
    await send(subjects.applicant, '', byLaw, FIRST);
    await send(subjects.applicant, '/refuse', { proposal: 'e0', reason: 'Chờ kiểm tra' }, SECOND);
    await send(subjects.applicant, '', byLaw, FIRST);
    await send(subjects.applicant, '/approve', { proposal: 'e2' }, SECOND);
    expect(await due()).toEqual([]);
  });

  it('takes a key of its own for each person', async () => {
    const persons: string[] = [];
    for (const idNumber of ['079090000101', '079090000102']) {
      const { code } = await ended({ name: 'Hai Người', idNumber });
      persons.push((await page(code)).subjects.applicant);
    }
    const key = randomUUID();
    expect((await send(persons[0]!, '', ASKED, FIRST, key)).status).toBe(200);
    await refused(service, [422, 'idempotency-key-reused'], 'POST', `/api/persons/${persons[1]}/erasure`, {
      body: ASKED,
      headers: { ...FIRST, 'idempotency-key': key },
    });
  });

  it('is refused for what is no person', async () => {
    for (const id of [randomUUID(), 'x', '%00', `${randomUUID()}'`]) {
      const path = `/api/persons/${encodeURIComponent(id)}`;
      await refused(service, [404, 'person-unknown'], 'GET', path, { headers: FIRST });
    }
  });
});
