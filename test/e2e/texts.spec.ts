import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isoNow } from '#libs/event-log/clock.js';
import type { DossierView } from '#libs/dossier/detail/dossier-view.js';
import type { WorklistPage } from '#libs/dossier/worklist/filter.js';
import { Held, open, register } from '../support/desk.js';
import { call, type ProblemBody } from '../support/http.js';
import { startService, type TestService } from '../support/service.js';
import { expectLogVerified } from '../support/whole-log.js';

let service: TestService;
beforeAll(async () => (service = await startService()), 60_000);
afterAll(() => service.close());

async function found(query: string): Promise<string[]> {
  await service.settled();
  const { body } = await call<WorklistPage>(service, 'GET', `/api/dossiers?${query}`);
  return body.items.map(({ code }) => code);
}
const view = async (held: Held): Promise<DossierView> =>
  (await call<DossierView>(service, 'GET', held.path)).body;

const NASTY = [
  `Robert'); DROP TABLE event_log.events;--`,
  `' OR '1'='1`,
  `"; DELETE FROM worklist.dossiers WHERE 'a'='a`,
  "$1 $$ E'\\x27' \\ % _ {} {code} ${code}",
  '<script>alert("xin chào")</script>',
  '<img src=x onerror=alert(1)>&amp;&lt;',
  '=HYPERLINK("http://example.org")',
  '../../etc/passwd%00',
  'Ｎguyễn ﷽ 👩‍👩‍👧 ‮abc‬ \u200b\ufeff.',
  'dòng một\ndòng hai\tcột',
];

describe('SQL, HTML and strange signs in every text', () => {
  it.each(NASTY)('come back as they were sent: %j', async (text) => {
    const party = {
      name: text,
      idNumber: text.slice(0, 50),
      phone: text.slice(0, 50),
      email: text,
      address: text,
    };
    const { body } = await open(service, {
      ...{ applicant: party, submitter: party, papers: [{ name: text, originals: 1, copies: 0 }] },
    });
    const held = new Held(service, body);
    await held.takeAll(
      ['hand-over', { note: text }],
      ['consult', { agency: text, note: text }],
      ['record-reply', { note: text }],
      [
        'request-supplement',
        { reason: text, legalBasis: text, papers: [{ name: text, originals: 0, copies: 1 }] },
      ],
      ['receive-supplement', { papers: [{ name: text, originals: 0, copies: 1 }] }],
      ['request-payment', { note: text }],
      ['confirm-payment', { note: text }],
      ['extend', { reason: text }],
      ['refuse', { proposal: 'p8', reason: text }],
      ['annotate', { note: text }],
      ['correct', { reason: text }],
      ['place-hold', { reason: text }],
      ['lift-hold', { reason: text }],
      ['resolve', { note: text }],
      ['cancel-alert', { topic: 'collection', dueAt: isoNow(service.clock), reason: text }],
      ['return', { note: text }],
    );
    // Spaces at the ends go, and the text is composed; nothing else changes.
    const kept = (value: string): string => value.normalize('NFC').trim();
    const { timeline, applicant } = await view(held);
    const whole = {
      name: kept(text),
      idNumber: kept(party.idNumber),
      phone: kept(party.phone),
      email: kept(text),
      address: kept(text),
    };
    expect(applicant).toEqual(whole);
    const texts = timeline.flatMap(({ personal = {} }) => [
      personal.note,
      personal.reason,
      personal.legalBasis,
    ]);
    expect(new Set(texts.filter((each) => each !== undefined))).toEqual(new Set([kept(text)]));
    expect(timeline[2]?.personal).toMatchObject({ agency: kept(text) });
    await service.settled();
    const { body: page } = await call<WorklistPage>(service, 'GET', `/api/dossiers?q=${held.code}`);
    expect(page.items[0]).toMatchObject({ applicant: kept(text), submitter: kept(text), state: 'returned' });
  });

  it('find nothing and break nothing as what is searched for', async () => {
    for (const text of NASTY) {
      for (const name of ['q', 'unit', 'official', 'procedure', 'cursor']) {
        const path = `/api/dossiers?${new URLSearchParams([[name, text]]).toString()}`;
        const { status } = await call<ProblemBody>(service, 'GET', path);
        expect([200, 400]).toContain(status);
      }
    }
  });
});

describe('a Vietnamese name', () => {
  const name = 'Phạm Thị Quỳnh Đặng Uyên';

  it.each(['NFC', 'NFD', 'NFKC', 'NFKD'])('sent as %s is the same name', async (form) => {
    const held = new Held(
      service,
      (await register(service, { applicant: { name: name.normalize(form) } })).body,
    );
    expect((await view(held)).applicant).toEqual({ name });
    for (const typed of [
      name,
      name.normalize('NFD'),
      'pham thi quynh dang uyen',
      'QUỲNH',
      'quynh đặng',
      'Uye',
    ]) {
      expect(await found(`limit=200&q=${encodeURIComponent(typed)}`)).toContain(held.code);
    }
    expect(await found(`q=${encodeURIComponent('quynh nguyen')}`)).not.toContain(held.code);
  });

  it('is as long as it is written, not as its bytes', async () => {
    const longest = 'Ễ'.repeat(300);
    expect((await open(service, { applicant: { name: longest.normalize('NFD') } })).status).toBe(201);
    expect((await open(service, { applicant: { name: `${longest}x` } })).status).toBe(400);
  });

  it('also in codes: a procedure by another writing of its code is the same', async () => {
    const body = {
      name: { vi: 'Thử' },
      field: 'Đất đai',
      level: 'xã',
      limits: [],
      validFrom: '2024-01-01',
      source: 's',
    };
    const publish = (code: string) =>
      call<{ code: string; version: number }>(
        ...([service, 'POST', `/api/procedures/${encodeURIComponent(code)}/versions`, { body }] as const),
      );
    expect((await publish('Đất.1'.normalize('NFD'))).body).toMatchObject({ code: 'Đất.1', version: 1 });
    const composed = await call(service, 'GET', `/api/procedures/${encodeURIComponent('Đất.1')}`);
    const decomposed = await call(
      ...([service, 'GET', `/api/procedures/${encodeURIComponent('Đất.1'.normalize('NFD'))}`] as const),
    );
    expect([composed.status, decomposed.status]).toEqual([200, 200]);
    expect(decomposed.text).toBe(composed.text);
  });
});

it('after all of it the log is whole', () => expectLogVerified(service));
