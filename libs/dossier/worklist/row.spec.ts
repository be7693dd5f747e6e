import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RecordedEvent } from '#libs/event-log/event-log.js';
import type { JsonObject } from '#libs/event-log/json.js';
import { foldRow, type Row } from './row.js';

type Given = readonly [type: string, data?: JsonObject, more?: Partial<RecordedEvent>];

const REGISTERED: Given = [
  'DossierRegistered',
  {
    unit: 'H54.12',
    procedure: '1.009645',
    channel: 'online',
    answerDueAt: '2024-01-16T03:00:00.000Z',
    formerCode: null,
  },
];
const ACCEPTED: Given = [
  'DossierAccepted',
  {
    unit: 'H54.12',
    official: 'clerk-1',
    channel: 'in_person',
    terms: { procedure: { id: '1.009645', version: 1 }, field: 'Đầu tư', case: 'default' },
    dueAt: '2024-02-05T03:00:00.000Z',
    dueBasis: 'computed',
    formerCode: null,
  },
];
const SUPPLEMENT: Given = ['SupplementRequested', { number: 1, stopsClock: true }];
const RESOLVED: Given = ['DossierResolved', { outcome: 'granted' }];

function event([type, data = {}, more = {}]: Given, index: number): RecordedEvent {
  return {
    id: `event-${index}`,
    type,
    schemaVersion: 1,
    data,
    occurredAt: `2024-01-15T03:00:0${index % 10}.000Z`,
    recordedAt: '2024-01-15T04:00:00.000Z',
    metadata: { actor: 'clerk-1', correlationId: 'c', causationId: 'c' },
    stream: 'dossier-H54.12-240115-0001',
    revision: BigInt(index),
    position: BigInt(index + 1) * 10n,
    previousHash: '',
    hash: '',
    ...more,
  };
}

function importedFrom(file: string): Given {
  const { metadata } = event(ACCEPTED, 0);
  return [ACCEPTED[0], ACCEPTED[1], { metadata: { ...metadata, source: { file, row: 1 } } }];
}

function rowAfter(...given: readonly Given[]): Row | undefined {
  return given.map(event).reduce<Row | undefined>((row, one) => foldRow(row, one), undefined);
}

describe('the line of a dossier in the worklist', () => {
  it('is not there before the dossier is', () => {
    expect(rowAfter(['ActivityRecorded', { activity: 'Scan' }])).toBeUndefined();
  });

  it('begins with its registration: the answer is due, the legal clock has not begun', () => {
    expect(rowAfter(REGISTERED)).toMatchObject({
      code: 'H54.12-240115-0001',
      state: 'registered',
      clock: 'none',
      dueAt: '2024-01-16T03:00:00.000Z',
      registeredAt: '2024-01-15T03:00:00.000Z',
      acceptedAt: null,
      revision: 0n,
      position: 10n,
    });
  });

  it('is accepted with its due instant, and keeps when it was registered', () => {
    expect(rowAfter(REGISTERED, ACCEPTED)).toMatchObject({
      state: 'accepted',
      clock: 'running',
      field: 'Đầu tư',
      official: 'clerk-1',
      dueAt: '2024-02-05T03:00:00.000Z',
      registeredAt: '2024-01-15T03:00:00.000Z',
      acceptedAt: '2024-01-15T03:00:01.000Z',
    });
  });

  it('waits for papers from before its acceptance until it is accepted', () => {
    const before: Given[] = [REGISTERED, ['SupplementRequested', { number: 1, stopsClock: false }]];
    const asked = { state: 'supplement_requested', clock: 'none', dueAt: null };

    expect(rowAfter(...before)).toMatchObject(asked);
    expect(rowAfter(...before, ['SupplementReceived', { dueAt: null }])).toMatchObject(asked);
    expect(rowAfter(...before, ['SupplementReceived', { dueAt: null }], ACCEPTED)).toMatchObject({
      state: 'processing',
      clock: 'running',
    });
  });

  it('stands still while papers or money are awaited, and goes on with a new due instant', () => {
    const paused = { clock: 'paused', pausedAt: '2024-01-15T03:00:01.000Z' };
    const dueAt = '2024-02-09T03:00:00.000Z';

    expect(rowAfter(ACCEPTED, SUPPLEMENT)).toMatchObject({ ...paused, state: 'supplement_requested' });
    expect(rowAfter(ACCEPTED, ['PaymentRequested', { stopsClock: true }])).toMatchObject({
      ...paused,
      state: 'financial_obligation',
    });
    expect(rowAfter(ACCEPTED, SUPPLEMENT, ['SupplementReceived', { dueAt }])).toMatchObject({
      state: 'processing',
      clock: 'running',
      pausedAt: null,
      dueAt,
    });
  });

  it('runs on where the policy does not stop the clock', () => {
    const row = rowAfter(ACCEPTED, ['PaymentRequested', { stopsClock: false }]);
    expect(row).toMatchObject({ state: 'financial_obligation', clock: 'running', pausedAt: null });
  });

  it.each([
    ['DossierWithdrawn', ACCEPTED, 'withdrawn'],
    ['DossierStopped', ACCEPTED, 'stopped'],
    ['DossierResolved', ACCEPTED, 'resolved'],
  ] as const)('ends with %s', (type, first, state) => {
    expect(rowAfter(first, [type])).toMatchObject({
      state,
      clock: 'ended',
      endedAt: '2024-01-15T03:00:01.000Z',
    });
  });

  it('is out of the way once it is rejected, but no work has ended', () => {
    expect(rowAfter(REGISTERED, ['DossierRejected'])).toMatchObject({
      state: 'rejected',
      clock: 'ended',
      endedAt: null,
    });
  });

  it('has ended when it was resolved, not when the result was fetched', () => {
    expect(rowAfter(ACCEPTED, RESOLVED, ['ResultReturned', { method: 'in_person' }])).toMatchObject({
      state: 'returned',
      endedAt: '2024-01-15T03:00:01.000Z',
    });
  });

  it('moves to who has it now', () => {
    expect(rowAfter(ACCEPTED, ['DossierHandedOver', { toUnit: 'H54.13', toOfficial: null }])).toMatchObject({
      state: 'processing',
      unit: 'H54.13',
      official: null,
    });
  });

  it('is being processed from the first imported step on, but not after its end', () => {
    expect(rowAfter(ACCEPTED, ['ActivityRecorded', {}])?.state).toBe('processing');
    expect(rowAfter(ACCEPTED, RESOLVED, ['ActivityRecorded', {}])?.state).toBe('resolved');
  });

  it.each([
    ['accepted_at', 'acceptedAt'],
    ['due_at', 'dueAt'],
    ['resolved_at', 'endedAt'],
  ] as const)('shows %s as it was corrected', (field, property) => {
    const to = '2024-01-20T03:00:00.000Z';
    expect(rowAfter(ACCEPTED, RESOLVED, ['DossierCorrected', { field, to }])?.[property]).toBe(to);
  });

  it('goes when its import is taken back, and begins anew when it is imported again', () => {
    const back: Given = ['ImportReversed', { file: 'f' }];
    expect(rowAfter(importedFrom('f'), RESOLVED, back)?.reversed).toBe(true);
    expect(rowAfter(importedFrom('f'), RESOLVED, back, importedFrom('g'))).toMatchObject({
      state: 'accepted',
      endedAt: null,
      reversed: false,
      importedFrom: 'g',
    });
  });

  it('stays when an import is taken back that brought only steps of it', () => {
    const back: Given = ['ImportReversed', { file: 'g' }];
    expect(rowAfter(ACCEPTED, back)?.reversed).toBe(false);
    expect(rowAfter(importedFrom('f'), back)?.reversed).toBe(false);
  });

  it('keeps the parties as they came, sealed, with what they are found by', () => {
    const part = { subject: 's1', part: 'applicant', box: 'x' } as const;
    const by = { subject: 's2', part: 'submitter', box: 'y' } as const;
    const named = foldRow(undefined, event(ACCEPTED, 0), [
      { part, tokens: '=a =b' },
      { part: by, tokens: '=c' },
    ]);
    expect(named).toMatchObject({
      ...{ applicant: part, applicantSubject: 's1', applicantTokens: '=a =b' },
      ...{ submitter: by, submitterSubject: 's2', submitterTokens: '=c' },
    });
    expect(foldRow(named, event(RESOLVED, 1))?.applicant).toBe(part);
  });

  it('changes nothing but its place for an event it does not know', () => {
    const before = rowAfter(ACCEPTED);
    expect(rowAfter(ACCEPTED, ['FromLaterVersion', { state: 'x' }])).toEqual({
      ...before,
      revision: 1n,
      position: 20n,
    });
  });

  it('is never refused, whatever happened in whatever order', () => {
    const steps = fc.constantFrom<Given>(
      ...[REGISTERED, ACCEPTED, importedFrom('f'), SUPPLEMENT, RESOLVED],
      ['SupplementReceived', { dueAt: null }],
      ['PaymentConfirmed', { dueAt: '2024-03-01T00:00:00.000Z' }],
      ['DossierWithdrawn'],
      ['ImportReversed', { file: 'f' }],
      ['ActivityRecorded', {}],
    );
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 12 }), (given) => {
        const row = rowAfter(...given);
        if (row) expect(row.clock === 'paused').toBe(row.pausedAt !== null);
      }),
    );
  });
});
