import fc from 'fast-check';
import type { DossierEventData, DossierEventType } from '#libs/dossier/dossier.events.js';
import type { RecordedEvent } from '#libs/event-log/event-log.js';
import { accepted, recorded, type RecordedOptions, TERMS } from './recorded.js';

const HOUR = 3_600_000;
export const EPOCH = Date.UTC(2023, 11, 28, 17);
/** Instants from a few weeks around a new year, on the hour, at its edge, and between. */
export const instant = fc
  .tuple(fc.integer({ min: 0, max: 24 * 40 }), fc.constantFrom(0, 0, 1, HOUR / 2, HOUR - 1))
  .map(([hours, rest]) => new Date(EPOCH + hours * HOUR + rest).toISOString());

const ZONES = ['Asia/Ho_Chi_Minh', 'Asia/Kolkata', 'Europe/Amsterdam'];

const acceptance = fc.record({
  at: instant,
  dueAt: fc.option(instant, { freq: 8 }),
  channel: fc.constantFrom('online', 'in_person', 'post'),
  unit: fc.constantFrom('H54.12', 'H54.13'),
  field: fc.constantFrom('Đầu tư', 'Xây dựng'),
  procedure: fc.constantFrom('1.001', '1.002'),
  zone: fc.constantFrom(...ZONES),
});

type Step = <T extends DossierEventType>(type: T, data: DossierEventData[T]) => RecordedEvent;
const steps: readonly ((step: Step, other: string) => RecordedEvent)[] = [
  (step) => step('DossierResolved', { outcome: 'granted' }),
  (step) => step('DossierResolved', { outcome: 'refused' }),
  (step) => step('DossierWithdrawn', {}),
  (step) => step('DossierStopped', {}),
  (step) => step('SupplementRequested', { number: 1, stopsClock: true }),
  (step, other) => step('SupplementReceived', { dueAt: other }),
  (step) => step('PaymentRequested', { amount: 1, currency: 'VND', stopsClock: false }),
  (step, other) => step('PaymentConfirmed', { dueAt: other }),
  (step, other) =>
    step('DeadlineExtended', { oldDueAt: other, newDueAt: other, apologyNumber: '1', approver: 'a' }),
  (step, other) => step('DossierCorrected', correction('accepted_at', other)),
  (step, other) => step('DossierCorrected', correction('resolved_at', other)),
  (step, other) => step('DossierCorrected', correction('due_at', other)),
  (step) => step('DossierAnnotated', {}),
  (step) => step('ImportReversed', { file: 'f' }),
];

function correction(
  field: 'accepted_at' | 'resolved_at' | 'due_at',
  to: string,
): DossierEventData['DossierCorrected'] {
  return { field, from: null, to, form: '1', approver: 'a' };
}

const history = fc.record({
  acceptance,
  imported: fc.boolean(),
  steps: fc.array(
    fc.record({ kind: fc.nat(steps.length - 1), at: instant, other: instant, recordedAt: instant }),
    { maxLength: 6 },
  ),
});

/** Any order of steps and times, also ones that the product would refuse: a fold has to count them all. */
export const histories = fc.array(history, { maxLength: 25 }).map((all) => {
  const streams = all.map(({ acceptance: first, imported, steps: rest }, i) => {
    const code = `H54.12-240101-${String(i).padStart(4, '0')}`;
    const options = (recordedAt: string): RecordedOptions => ({
      recordedAt,
      ...(imported ? { file: 'f' } : {}),
    });
    const { at, dueAt, channel, unit, field, procedure, zone } = first;
    const terms = { ...TERMS, field, zone, procedure: { id: procedure, version: 1 } };
    const begin = recorded(
      code,
      'DossierAccepted',
      accepted(code, { unit, channel, terms, dueAt }),
      at,
      options(at),
    );
    return [
      begin,
      ...rest.map(({ kind, at: when, other, recordedAt }) =>
        (steps[kind] as (typeof steps)[number])(
          (type, data) => recorded(code, type, data, when, options(recordedAt)),
          other,
        ),
      ),
    ].map((event, revision) => ({ ...event, revision: BigInt(revision) }));
  });
  return interleave(streams).map((event, i) => ({ ...event, position: BigInt(i + 1) }));
});

/** First events of all streams, then second ones, and so on: no stream stands together. */
function interleave(streams: readonly (readonly RecordedEvent[])[]): RecordedEvent[] {
  const longest = Math.max(0, ...streams.map((s) => s.length));
  return Array.from({ length: longest }, (_, i) => streams.flatMap((s) => s[i] ?? [])).flat();
}
