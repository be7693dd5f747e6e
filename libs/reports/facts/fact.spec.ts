import { describe, expect, it } from '@jest/globals';
import type { DossierEventData, DossierEventType } from '#libs/dossier/dossier.events.js';
import type { RecordedEvent } from '#libs/event-log/event-log.js';
import { accepted, recorded, type RecordedOptions, TERMS } from '../testing/recorded.js';
import type { FactState } from './fact-state.js';
import { type Fact, factOf } from './fact.js';
import { changesFact, foldFact } from './fold-fact.js';

const CODE = 'H54.12-240102-0001';
const DUE = '2024-01-10T03:00:00.000Z'; // 10:00 at the desk

function on<T extends DossierEventType>(
  day: string,
  type: T,
  data: DossierEventData[T],
  options?: RecordedOptions,
): RecordedEvent {
  return recorded(CODE, type, data, day.includes('T') ? day : `${day}T03:00:00Z`, options);
}
const acceptance = on('2024-01-02', 'DossierAccepted', accepted(CODE));
const resolved = (at: string, options?: RecordedOptions): RecordedEvent =>
  on(at, 'DossierResolved', { outcome: 'granted' }, options);

function fact(...events: RecordedEvent[]): Fact {
  let state: FactState | undefined;
  for (const event of events) state = foldFact(state, event);
  if (!state) throw new Error('no events');
  return factOf(JSON.parse(JSON.stringify(state)) as FactState);
}

describe('what is counted', () => {
  it('a dossier from its acceptance on, with the terms it was accepted under', () => {
    expect(fact(acceptance)).toMatchObject({
      code: CODE,
      unit: 'H54.12',
      procedure: TERMS.procedure.id,
      field: TERMS.field,
      channel: 'online',
      acceptedAt: '2024-01-02T03:00:00.000Z',
      endedAt: null,
      overdueFrom: DUE,
    });
  });
  it('not one that is only registered, rejected, or withdrawn before acceptance', () => {
    const registration = on('2024-01-02', 'DossierRegistered', {
      code: CODE,
      unit: 'H54.12',
      procedure: '1.009645',
      case: 'default',
      channel: 'online',
      answerDueAt: null,
      formerCode: null,
    });
    expect(fact(registration).acceptedAt).toBeNull();
    expect(fact(registration, on('2024-01-03', 'DossierRejected', {})).acceptedAt).toBeNull();
    expect(fact(registration, on('2024-01-03', 'DossierWithdrawn', {}))).toMatchObject({
      acceptedAt: null,
      endedAt: null,
      overdueFrom: null,
    });
  });
  it.each(['DossierWithdrawn', 'DossierStopped'] as const)('%s ends a dossier like a result', (type) => {
    expect(fact(acceptance, on('2024-01-05', type, {}))).toMatchObject({
      endClass: 'before',
      overdueFrom: null,
    });
  });
  it('the first end; a later one needs explanation', () => {
    const twice = fact(acceptance, resolved('2024-01-05'), on('2024-01-08', 'DossierStopped', {}));
    expect(twice.endedAt).toBe('2024-01-05T03:00:00.000Z');
    expect(twice.needsExplanation).toContain('step_after_end');
  });
  it('a code with any characters, from the name of the stream', () => {
    expect(fact(recorded('HS/Đ 1%', 'DossierAccepted', accepted('HS/Đ 1%'), DUE)).code).toBe('HS/Đ 1%');
  });
});

describe('before time, on time, late', () => {
  it.each([
    ['the day before', '2024-01-09T09:59:59Z', 'before'],
    ['at midnight of the desk, still the day before in UTC', '2024-01-09T17:00:00Z', 'on'],
    ['a second before that', '2024-01-09T16:59:59Z', 'before'],
    ['the same day', '2024-01-10T01:00:00Z', 'on'],
    ['the due instant itself', DUE, 'on'],
    ['a millisecond after it', '2024-01-10T03:00:00.001Z', 'late'],
  ])('%s', (_, at, expected) => {
    expect(fact(acceptance, resolved(at)).endClass).toBe(expected);
  });
  it.each([
    ['a second before the due instant', '2024-01-10T02:59:59Z', 'before'],
    ['the due instant', DUE, 'on'],
    ['a second later', '2024-01-10T03:00:01Z', 'late'],
  ])('by the instant, where the policy says so: %s', (_, at, expected) => {
    const terms = { ...TERMS, beforeTimeBy: 'instant' as const };
    const strict = on('2024-01-02', 'DossierAccepted', accepted(CODE, { terms }));
    expect(fact(strict, resolved(at)).endClass).toBe(expected);
  });
  it('is on time without a due instant, and listed', () => {
    const open = fact(
      on('2024-01-02', 'DossierAccepted', accepted(CODE, { dueAt: null })),
      resolved('2024-03-01'),
    );
    expect(open).toMatchObject({ endClass: 'on', overdueFrom: null, onTimeRecorded: true });
    expect(open.needsExplanation).toContain('due_unknown');
  });
  it('is late from the due instant to the end', () => {
    expect(fact(acceptance, resolved('2024-01-15'))).toMatchObject({ endClass: 'late', overdueFrom: DUE });
    expect(fact(acceptance, resolved('2024-01-09')).overdueFrom).toBeNull();
  });
});

describe('while the clock stands still', () => {
  const asked = on('2024-01-08', 'SupplementRequested', { number: 1, stopsClock: true });
  it('a dossier does not become late', () => {
    expect(fact(acceptance, asked).overdueFrom).toBeNull();
    expect(
      fact(acceptance, on('2024-01-08', 'PaymentRequested', { amount: 1, currency: 'VND', stopsClock: true }))
        .overdueFrom,
    ).toBeNull();
  });
  it('unless the policy lets the clock run on', () => {
    const running = on('2024-01-08', 'SupplementRequested', { number: 1, stopsClock: false });
    expect(fact(acceptance, running).overdueFrom).toBe(DUE);
  });
  it('it ends as the clock stood when it stopped', () => {
    expect(fact(acceptance, asked, on('2024-03-01', 'DossierStopped', {}))).toMatchObject({
      endClass: 'before',
      overdueFrom: null,
      onTimeRecorded: true,
    });
  });
  it('it goes on with the new due instant', () => {
    const received = on('2024-02-01', 'SupplementReceived', { dueAt: '2024-02-05T03:00:00.000Z' });
    expect(fact(acceptance, asked, received).overdueFrom).toBe('2024-02-05T03:00:00.000Z');
    expect(fact(acceptance, asked, received, resolved('2024-02-05')).endClass).toBe('on');
  });
  it('one that was late stays late, also when a new due instant follows', () => {
    const late = on('2024-01-12', 'SupplementRequested', { number: 1, stopsClock: true });
    const received = on('2024-02-01', 'SupplementReceived', { dueAt: '2024-02-05T03:00:00.000Z' });
    expect(fact(acceptance, late).overdueFrom).toBe(DUE);
    expect(fact(acceptance, late, received, resolved('2024-02-02'))).toMatchObject({
      endClass: 'late',
      overdueFrom: DUE,
      onTimeRecorded: false,
    });
  });
  it('a second supplement request is listed', () => {
    const received = on('2024-01-09', 'SupplementReceived', { dueAt: '2024-01-11T03:00:00.000Z' });
    expect(fact(acceptance, asked, received, asked).needsExplanation).toContain('supplement_twice');
  });
});

describe('an extension', () => {
  const extension = (at: string, recordedAt?: string): RecordedEvent =>
    on(
      at,
      'DeadlineExtended',
      { oldDueAt: DUE, newDueAt: '2024-01-20T03:00:00.000Z', apologyNumber: '7', approver: 'lead' },
      recordedAt === undefined ? {} : { recordedAt },
    );
  const proposed = on('2024-01-09', 'ChangeProposed', {
    proposal: 'p1',
    step: 'extend',
    input: { newDueAt: '2024-01-20T03:00:00.000Z', apologyNumber: '7' },
  });
  it('issued in time moves the due instant', () => {
    expect(fact(acceptance, extension('2024-01-09'), resolved('2024-01-20'))).toMatchObject({
      endClass: 'on',
      overdueFrom: null,
      needsExplanation: ['end_exactly_at_due'],
    });
  });
  it('issued after the due instant does not make it on time', () => {
    expect(fact(acceptance, extension('2024-01-11'), resolved('2024-01-15'))).toMatchObject({
      endClass: 'late',
      overdueFrom: DUE,
      needsExplanation: ['extended_after_due'],
    });
  });
  it('proposed in time, but approved after the due instant, does not make it on time either', () => {
    const approved = on('2024-01-11', 'ProposalApproved', { proposal: 'p1', proposedBy: 'clerk' });
    const past = [acceptance, proposed, approved, extension('2024-01-11'), resolved('2024-01-15')];
    expect(fact(...past)).toMatchObject({
      endClass: 'late',
      overdueFrom: DUE,
      needsExplanation: ['extended_after_due'],
    });
  });
  it('that is only proposed changes nothing', () => {
    expect(fact(acceptance, proposed)).toEqual(fact(acceptance));
  });
  it('is listed when it was only recorded after the due instant', () => {
    expect(fact(acceptance, extension('2024-01-09', '2024-01-11T00:00:00Z')).needsExplanation).toEqual([
      'extended_after_due',
    ]);
  });
});

describe('two times', () => {
  it('an end claimed in time but recorded later is on time only as claimed', () => {
    expect(fact(acceptance, resolved('2024-01-09', { recordedAt: '2024-01-12T00:00:00Z' }))).toMatchObject({
      endClass: 'before',
      onTimeRecorded: false,
      needsExplanation: ['end_recorded_after_due'],
    });
  });
  it('an end before the acceptance is kept as claimed, counted at the acceptance, and listed', () => {
    expect(fact(acceptance, resolved('2023-12-24', { recordedAt: '2024-01-05T00:00:00Z' }))).toMatchObject({
      endedAt: '2023-12-24T03:00:00.000Z',
      countedEndAt: '2024-01-02T03:00:00.000Z',
      needsExplanation: ['ended_before_accepted'],
    });
  });
  it('a claim that lies in the future of its recording is listed, also for steps that are not counted', () => {
    const note = on('2030-01-01', 'DossierAnnotated', {}, { recordedAt: '2024-01-03T00:00:00Z' });
    expect(changesFact(note)).toBe(true);
    expect(changesFact(on('2024-01-03', 'DossierAnnotated', {}))).toBe(false);
    expect(fact(acceptance, note).needsExplanation).toEqual(['in_future']);
    expect(
      fact(acceptance, resolved('2024-01-09', { recordedAt: '2024-01-05T00:00:00Z' })).needsExplanation,
    ).toEqual(['in_future']);
  });
  it('an acceptance recorded on a later date is listed', () => {
    const late = on('2024-01-02', 'DossierAccepted', accepted(CODE), { recordedAt: '2024-01-03T01:00:00Z' });
    expect(fact(late).needsExplanation).toEqual(['accepted_late_recorded']);
  });
});

describe('a correction', () => {
  const correction = (field: 'accepted_at' | 'resolved_at' | 'due_at', to: string): RecordedEvent =>
    on('2024-01-25', 'DossierCorrected', { field, from: null, to, form: '12/QĐ', approver: 'lead' });
  it('replaces the claimed acceptance and end, not when they were recorded', () => {
    const corrected = fact(
      acceptance,
      resolved('2024-01-09'),
      correction('accepted_at', '2024-01-03T03:00:00.000Z'),
      correction('resolved_at', '2024-01-12T03:00:00.000Z'),
    );
    expect(corrected).toMatchObject({
      acceptedAt: '2024-01-03T03:00:00.000Z',
      acceptedRecordedAt: '2024-01-02T03:00:00.000Z',
      endedAt: '2024-01-12T03:00:00.000Z',
      endRecordedAt: '2024-01-09T03:00:00.000Z',
      endClass: 'late',
      onTimeRecorded: true,
      needsExplanation: [],
    });
  });
  it('is the only step that moves a due instant that has passed, and is listed', () => {
    const corrected = fact(
      acceptance,
      resolved('2024-01-12'),
      correction('due_at', '2024-01-15T03:00:00.000Z'),
    );
    expect(corrected).toMatchObject({
      endClass: 'before',
      onTimeRecorded: false,
      needsExplanation: ['due_corrected', 'end_recorded_after_due'],
    });
  });
});

describe('an import', () => {
  const file = 'sha256:ab';
  const imported = on('2024-01-02', 'DossierAccepted', accepted(CODE, { dueBasis: 'stated' }), {
    file,
    recordedAt: '2026-01-01T00:00:00Z',
  });
  const end = resolved('2024-01-05', { file, recordedAt: '2026-01-01T00:00:00Z' });
  it('is marked, and its recorded times are no reason to explain', () => {
    expect(fact(imported, end)).toMatchObject({ imported: true, endImported: true, needsExplanation: [] });
  });
  it('taken back is not counted, and can come again', () => {
    const reversal = on('2026-01-02', 'ImportReversed', { file });
    expect(fact(imported, end, reversal)).toMatchObject({ acceptedAt: null, endedAt: null, reversed: true });
    expect(fact(imported, end, reversal, imported)).toMatchObject({
      reversed: false,
      endedAt: null,
      overdueFrom: DUE,
    });
  });
  it('taken back leaves what the desk recorded itself', () => {
    const reversal = on('2026-01-02', 'ImportReversed', { file });
    expect(fact(acceptance, end, reversal)).toMatchObject({
      acceptedAt: '2024-01-02T03:00:00.000Z',
      endedAt: null,
      reversed: false,
    });
  });
});
