import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DossierView } from '#libs/dossier/detail/dossier-view.js';
import type { WorklistPage } from '#libs/dossier/worklist/filter.js';
import { Held, heldIn, open, register, SECOND_PERSON } from '../support/desk.js';
import { call } from '../support/http.js';
import { startService, type TestService } from '../support/service.js';

// Monday 11 March 2024, 9:00 at the desk. Office hours 7:00–11:30 and 13:30–17:00, no day off that month.
const MONDAY = '2024-03-11T02:00:00.000Z';
const AFTER_THE_END = ['correct', 'annotate', 'place-hold'];
let service: TestService;
beforeAll(async () => (service = await startService(MONDAY)), 60_000);
afterAll(() => service.close());

const at = (text: string): void => service.clock.set(text);
const view = async (held: Held): Promise<DossierView> =>
  (await call<DossierView>(service, 'GET', held.path)).body;
async function row(held: Held): Promise<WorklistPage['items'][number] | undefined> {
  await service.settled();
  const { body } = await call<WorklistPage>(service, 'GET', `/api/dossiers?q=${held.code}`);
  return body.items[0];
}

/** What a supervisor finds that waits for a second person. */
async function waiting(): Promise<string[]> {
  await service.settled();
  const { body } = await call<WorklistPage>(service, 'GET', '/api/dossiers?proposal=open');
  return body.items.map(({ code }) => code);
}

describe('a dossier brought in person', () => {
  it('is accepted under a code of its unit and day, and due after 3 working days at the same hour', async () => {
    at(MONDAY);
    const { status, headers, body } = await open(service);
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`/api/dossiers/${body.code}`);
    expect(headers.get('etag')).toBe('"0"');
    expect(body).toMatchObject({
      code: 'H54.12-240311-0001',
      ...{ status: 'accepted', statusCode: 2, revision: 0, acceptedAt: MONDAY },
      dueAt: '2024-03-14T02:00:00.000Z',
    });
    expect((await open(service)).body.code).toBe('H54.12-240311-0002');
  });

  it('goes through the offices, asks elsewhere, is resolved and returned', async () => {
    at(MONDAY);
    const held = new Held(service, (await open(service, { official: 'official-1' })).body);
    expect(await row(held)).toMatchObject({ state: 'accepted', clock: 'running', revision: 0 });
    at('2024-03-11T04:00:00.000Z');
    expect((await held.take('hand-over')).body).toMatchObject({ status: 'processing', statusCode: 4 });
    await held.take('consult', { dueAt: '2024-03-13T09:00:00+07:00' });
    expect(await view(held)).toMatchObject({
      openConsultations: ['c2'],
      unit: 'QLDT',
      official: 'official-7',
    });
    await held.take('record-reply', { note: 'Đồng ý' });
    expect((await view(held)).openConsultations).toEqual([]);
    await held.take('annotate');
    at('2024-03-13T08:00:00.000Z');
    expect((await held.take('resolve')).body).toMatchObject({ status: 'resolved', statusCode: 9 });
    await held.take('return', { occurredAt: '2024-03-13T15:00:30+07:00' });
    expect(held.last).toMatchObject({ status: 'returned', statusCode: 10, allowed: AFTER_THE_END });
    const seen = await view(held);
    expect(seen).toMatchObject({ clock: 'ended', endedAt: '2024-03-13T08:00:00.000Z', revision: 6 });
    expect(seen.returnedAt).toBe('2024-03-13T08:00:30.000Z');
    expect(seen.timeline.map(({ type }) => type)).toEqual([
      ...['DossierAccepted', 'DossierHandedOver', 'ConsultationRequested', 'ConsultationReplied'],
      ...['DossierAnnotated', 'DossierResolved', 'ResultReturned'],
    ]);
    expect(await row(held)).toMatchObject({ state: 'returned', clock: 'ended', revision: 6 });
  });

  it('shows of every step when it happened as claimed, when the store took it, and who said so', async () => {
    at(MONDAY);
    const held = new Held(service, (await open(service, { occurredAt: '2024-03-11T08:15:00+07:00' })).body);
    const [first] = (await view(held)).timeline;
    expect(first).toMatchObject({ occurredAt: '2024-03-11T01:15:00.000Z', actor: 'clerk-1', revision: 0 });
    expect(first?.recordedAt).toBe(held.last.recordedAt);
    expect(first?.recordedAt).not.toBe(first?.occurredAt);
    expect(first?.personal).toMatchObject({ applicant: { name: 'Công ty TNHH Ánh Dương' } });
  });

  it('shows what was known at an earlier instant of the store', async () => {
    at(MONDAY);
    const held = new Held(service, (await open(service)).body);
    const { recordedAt } = held.last;
    await held.take('hand-over');
    const then = await call<DossierView>(service, 'GET', `${held.path}?at=${recordedAt}`);
    expect(then.body.timeline.length).toBeGreaterThanOrEqual(1);
    expect(then.body.timeline[0]?.recordedAt).toBe(recordedAt);
    const { status } = await call(service, 'GET', `${held.path}?at=2001-01-01T00:00:00Z`);
    expect(status).toBe(404);
  });
});

describe('a dossier sent in online', () => {
  it('is to be answered within 8 working hours, and its clock starts when it is accepted', async () => {
    at(MONDAY);
    const { status, body } = await register(service);
    expect(status).toBe(201);
    const held = new Held(service, body);
    expect(body).toMatchObject({ status: 'registered', statusCode: 1, acceptedAt: null, dueAt: null });
    // 9:00–11:30 and 13:30–17:00 are 6 hours; 2 more on Tuesday from 7:00.
    expect(await view(held)).toMatchObject({ answerDueAt: '2024-03-12T02:00:00.000Z', clock: 'none' });
    at('2024-03-11T09:30:00.000Z');
    await held.take('accept');
    expect(held.last).toMatchObject({ status: 'accepted', dueAt: '2024-03-14T09:30:00.000Z' });
    expect(await row(held)).toMatchObject({ channel: 'online', official: 'official-7', state: 'accepted' });
  });

  it('can be refused with a reason', async () => {
    at(MONDAY);
    const held = await heldIn(service, 'rejected');
    expect(held.last).toMatchObject({ statusCode: 3, allowed: ['annotate', 'place-hold'] });
    expect((await view(held)).timeline[1]?.personal).toEqual({ reason: 'Không thuộc thẩm quyền' });
  });

  it('is accepted together with the papers that were missing', async () => {
    at(MONDAY);
    const held = new Held(service, (await register(service)).body);
    await held.take('request-supplement');
    expect(held.last).toMatchObject({ status: 'supplement_requested', statusCode: 5, dueAt: null });
    at('2024-03-12T02:00:00.000Z');
    await held.take('receive-supplement');
    expect(held.last).toMatchObject({ status: 'processing', dueAt: '2024-03-15T02:00:00.000Z', revision: 3 });
  });
});

describe('a dossier that came by post', () => {
  it('stands still while papers or a payment are awaited, and keeps the time that was left', async () => {
    at(MONDAY);
    const held = new Held(service, (await open(service, { channel: 'post' })).body);
    await held.take('hand-over');
    at('2024-03-12T02:00:00.000Z');
    await held.take('request-supplement');
    expect(await row(held)).toMatchObject({
      state: 'supplement_requested',
      clock: 'paused',
      channel: 'post',
    });
    // Asked for on Tuesday 9:00 with 2 working days left; there again on Friday 9:00: Tuesday 9:00.
    at('2024-03-15T02:00:00.000Z');
    await held.take('receive-supplement', { papers: [{ name: 'Bản vẽ', originals: 1, copies: 2 }] });
    expect(held.last).toMatchObject({ status: 'processing', dueAt: '2024-03-19T02:00:00.000Z' });
    await held.take('request-payment');
    expect(held.last).toMatchObject({ status: 'financial_obligation', statusCode: 6 });
    at('2024-03-18T02:00:00.000Z');
    await held.take('confirm-payment');
    expect(held.last).toMatchObject({ status: 'processing', dueAt: '2024-03-20T02:00:00.000Z' });
    expect(await row(held)).toMatchObject({ clock: 'running', dueAt: '2024-03-20T02:00:00.000Z' });
  });

  it('gets a new due instant with an apology, once a second person approves it', async () => {
    at(MONDAY);
    const held = await heldIn(service, 'processing');
    await held.take('extend', { newDueAt: '2024-03-18T09:00:00+07:00' });
    expect(held.last).toMatchObject({ dueAt: '2024-03-14T02:00:00.000Z', revision: 2 });
    expect(held.last.allowed).toEqual(expect.arrayContaining(['approve', 'refuse']));
    expect(held.last.allowed).not.toContain('extend');
    expect((await view(held)).proposals).toEqual([
      {
        ...{ proposal: 'p2', step: 'extend', proposedBy: 'clerk-1', proposedAt: MONDAY },
        input: { newDueAt: '2024-03-18T02:00:00.000Z', apologyNumber: 'PXL-2024/017' },
      },
    ]);
    expect(await row(held)).toMatchObject({ proposals: [{ proposal: 'p2', step: 'extend' }] });
    expect(await waiting()).toContain(held.code);
    at('2024-03-12T02:00:00.000Z');
    await held.approve();
    expect(held.last).toMatchObject({ dueAt: '2024-03-18T02:00:00.000Z', revision: 4 });
    const { timeline, ...page } = await view(held);
    expect(page).toMatchObject({ dueBasis: 'extended', proposals: [] });
    expect(timeline.slice(2)).toMatchObject([
      { type: 'ChangeProposed', actor: 'clerk-1', personal: { reason: 'Chờ ý kiến' } },
      { type: 'ProposalApproved', actor: 'supervisor-1', data: { proposal: 'p2', proposedBy: 'clerk-1' } },
      {
        type: 'DeadlineExtended',
        occurredAt: '2024-03-12T02:00:00.000Z',
        data: { approver: 'supervisor-1', proposal: 'p2' },
      },
    ]);
    expect(await row(held)).toMatchObject({
      ...{ dueAt: '2024-03-18T02:00:00.000Z', revision: 4, proposals: [] },
    });
    expect(await waiting()).not.toContain(held.code);
  });

  it('keeps its due instant when the extension is refused', async () => {
    at(MONDAY);
    const held = await heldIn(service, 'processing');
    await held.take('extend');
    await held.take('refuse', { proposal: 'p2' }, SECOND_PERSON);
    expect(held.last).toMatchObject({ dueAt: '2024-03-14T02:00:00.000Z' });
    const { timeline, proposals } = await view(held);
    expect(proposals).toEqual([]);
    expect(timeline.at(-1)).toMatchObject({ actor: 'supervisor-1', personal: { reason: 'Không có căn cứ' } });
  });
});

describe('an alert', () => {
  it('is cancelled when a second person approves it, and the page says which, who and why', async () => {
    at(MONDAY);
    const held = await heldIn(service, 'processing');
    await held.take('cancel-alert');
    expect(await view(held)).toMatchObject({ cancelledAlerts: [], proposals: [{ step: 'cancel-alert' }] });
    await held.approve();
    const alert = { topic: 'result', dueAt: '2024-03-14T02:00:00.000Z' };
    const page = await view(held);
    expect(page).toMatchObject({ cancelledAlerts: [alert], proposals: [], dueAt: alert.dueAt });
    expect(page.timeline.slice(2)).toMatchObject([
      { type: 'ChangeProposed', actor: 'clerk-1', personal: { reason: 'Tòa án đang thụ lý' } },
      { type: 'ProposalApproved', actor: 'supervisor-1' },
      { type: 'AlertCancelled', data: { ...alert, approver: 'supervisor-1', proposal: 'p2' } },
    ]);
  });
});

describe('other ends', () => {
  it('is withdrawn by the applicant', async () => {
    at(MONDAY);
    const held = await heldIn(service, 'withdrawn');
    expect(held.last).toMatchObject({ statusCode: 7, allowed: AFTER_THE_END });
  });

  it('is stopped by the office', async () => {
    at(MONDAY);
    const held = await heldIn(service, 'stopped');
    expect(held.last).toMatchObject({ statusCode: 8, allowed: AFTER_THE_END });
    expect(await row(held)).toMatchObject({ state: 'stopped', clock: 'ended', endedAt: MONDAY });
  });

  it('ends with a refusal too', async () => {
    at(MONDAY);
    const held = await heldIn(service, 'processing');
    await held.take('resolve', { outcome: 'refused' });
    expect((await view(held)).timeline.at(-1)?.data).toEqual({ outcome: 'refused' });
  });
});

describe('what was claimed wrongly', () => {
  it('is corrected on a form, the due instant with it, and what was claimed before stays in the timeline', async () => {
    at(MONDAY);
    const held = await heldIn(service, 'accepted');
    await held.take('correct', { to: '2024-03-08T10:00:00+07:00' });
    expect(held.last).toMatchObject({ acceptedAt: MONDAY, revision: 1 });
    await held.approve();
    // From Friday 8 March 10:00: Monday, Tuesday, Wednesday 10:00.
    expect(held.last).toMatchObject({
      acceptedAt: '2024-03-08T03:00:00.000Z',
      dueAt: '2024-03-13T03:00:00.000Z',
      revision: 4,
    });
    const { timeline } = await view(held);
    expect(timeline[3]?.data).toMatchObject({
      field: 'accepted_at',
      from: MONDAY,
      to: '2024-03-08T03:00:00.000Z',
      form: 'DC-2024/003',
      approver: 'supervisor-1',
    });
    expect(await row(held)).toMatchObject({ acceptedAt: '2024-03-08T03:00:00.000Z' });
  });
});

describe('a dossier that continues another', () => {
  it('names it, when it is opened or later', async () => {
    at(MONDAY);
    const former = await heldIn(service, 'returned');
    const opened = new Held(service, (await open(service, { formerCode: former.code })).body);
    expect((await view(opened)).formerCode).toBe(former.code);
    const later = await heldIn(service, 'accepted');
    await later.take('link', { formerCode: former.code });
    expect((await view(later)).formerCode).toBe(former.code);
    expect(await row(later)).toMatchObject({ formerCode: former.code });
  });
});

describe('a legal hold', () => {
  it('is placed, shown and lifted, whatever became of the dossier', async () => {
    at(MONDAY);
    const held = await heldIn(service, 'returned');
    await held.take('place-hold', {}, SECOND_PERSON);
    expect(held.last.allowed).toEqual(['correct', 'annotate', 'lift-hold']);
    expect(await view(held)).toMatchObject({ held: true, status: 'returned' });
    await held.take('lift-hold', {}, SECOND_PERSON);
    expect(await view(held)).toMatchObject({ held: false, status: 'returned' });
  });
});

it('every step that a person can take stands in the log by now', async () => {
  const types = new Set<string>();
  for await (const event of service.platform.log.readAll({ categories: ['dossier'] })) types.add(event.type);
  expect([...types].sort()).toEqual([
    ...[
      'AlertCancelled',
      'ChangeProposed',
      'ConsultationReplied',
      'ConsultationRequested',
      'DeadlineExtended',
    ],
    ...[
      'DossierAccepted',
      'DossierAnnotated',
      'DossierCorrected',
      'DossierHandedOver',
      'DossierLinked',
      'DossierRegistered',
    ],
    ...['DossierRejected', 'DossierResolved', 'DossierStopped', 'DossierWithdrawn', 'LegalHoldLifted'],
    ...['LegalHoldPlaced', 'PaymentConfirmed', 'PaymentRequested', 'ProposalApproved', 'ProposalRefused'],
    ...['ResultReturned', 'SupplementReceived', 'SupplementRequested'],
  ]);
});
