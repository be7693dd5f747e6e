import { categoryOf, idOf, type RecordedEvent } from '#libs/event-log/event-log.js';
import { type Alert, DOSSIER_CATEGORY, type DossierEvent } from '#libs/dossier/dossier.events.js';
import { foldRow, type Row } from '#libs/dossier/worklist/row.js';
import { type Delivery, REMINDER_CATEGORY, type ReminderEvent } from './reminder.events.js';

/** A message that is to leave and has not left yet. */
export interface Pending extends Delivery {
  readonly reminder: string;
}

/** A message that could not leave, and is not tried again by itself. */
export interface Undelivered extends Pending {
  /** Its idempotency key. */
  readonly key: string;
  readonly failedAt: string;
  readonly attempts: number;
  readonly reason: string;
}

/** As claimed, and when the log came to know of it. */
export interface Since {
  readonly at: string;
  readonly knownAt: string;
}

/** Another agency that has not replied yet. */
export interface OpenConsultation extends Since {
  readonly id: string;
  readonly dueAt: string | null;
}

/** What reminders need to know of a dossier. Instants are ISO 8601 in UTC with milliseconds. */
export interface Watched {
  /** As the worklist has it; nothing of a person is in it here. */
  readonly row: Row;
  /** When the log came to know what is due now: no reminder lies before. */
  readonly knownAt: string;
  /** The due instant without what standstills have added: with it the limit is as long as it was given. */
  readonly grantedDueAt: string | null;
  /** Since when the applicant is to bring something, or to fetch his result. */
  readonly asked: Since | null;
  readonly resolved: Since | null;
  readonly consultations: readonly OpenConsultation[];
  /** An apology with a new date was issued. */
  readonly extended: boolean;
  /** Due instants that are noted to have passed. */
  readonly fellOverdue: readonly string[];
  /** What nobody is to be reminded of any more. */
  readonly cancelled: readonly Alert[];
  /** Due instants that passed before the dossier ended, stood still or got another one, and are not noted yet. */
  readonly missed: readonly string[];
  /** Reminders that were raised, by their ids. */
  readonly raised: readonly string[];
  readonly pending: readonly Pending[];
  readonly undelivered: readonly Undelivered[];
  /** How often it came in anew, after an import was reversed. What is noted and raised then is said of it anew. */
  readonly round: number;
  /** Of the last event folded in, of either stream. */
  readonly position: bigint;
}

/** What is watched after one more event of the dossier, or of its reminders; undefined before it came in. */
export function foldWatched(before: Watched | undefined, event: RecordedEvent): Watched | undefined {
  const { position } = event;
  switch (categoryOf(event.stream)) {
    case DOSSIER_CATEGORY:
      return foldDossier(before, event as DossierEvent);
    case REMINDER_CATEGORY:
      return before && { ...before, ...reminded(before, event as unknown as ReminderEvent), position };
    default:
      return before;
  }
}

/** The dossier that an event of either stream is about. */
export const codeOf = (event: RecordedEvent): string => idOf(event.stream);

function foldDossier(before: Watched | undefined, event: DossierEvent): Watched | undefined {
  const row = foldRow(before?.row, event as RecordedEvent);
  if (!row) return undefined;
  const { recordedAt, occurredAt, position } = event;
  const begun = before && !(before.row.reversed && !row.reversed) ? before : undefined;
  const known = begun ?? NOTHING;
  const since: Since = { at: occurredAt, knownAt: recordedAt };
  const moved = !begun || row.dueAt !== begun.row.dueAt;
  const next = {
    ...known,
    round: begun?.round ?? (before ? before.round + 1 : 0),
    missed: row.reversed || !begun ? [] : [...begun.missed, ...leftBehind(begun, row, occurredAt)],
    row: { ...row, subjects: [], applicantSubject: null, submitterSubject: null },
    knownAt: moved ? recordedAt : known.knownAt,
    grantedDueAt: moved && !RESUMES.has(event.type) ? row.dueAt : known.grantedDueAt,
    position,
  };
  switch (event.type) {
    case 'SupplementRequested':
      return { ...next, asked: since };
    case 'SupplementReceived':
      return { ...next, asked: null };
    case 'DossierResolved':
      return { ...next, resolved: since };
    case 'ConsultationRequested': {
      const { consultation: id, dueAt } = event.data;
      return {
        ...next,
        consultations: [...known.consultations, { id, dueAt, ...since }],
      };
    }
    case 'ConsultationReplied':
      return {
        ...next,
        consultations: known.consultations.filter(({ id }) => id !== event.data.consultation),
      };
    case 'DeadlineExtended':
      return { ...next, extended: true };
    case 'AlertCancelled': {
      const { topic, dueAt } = event.data;
      return { ...next, cancelled: [...known.cancelled, { topic, dueAt }] };
    }
    case 'DossierFellOverdue':
      return {
        ...next,
        fellOverdue: [...known.fellOverdue, event.data.dueAt],
        missed: next.missed.filter((dueAt) => dueAt !== event.data.dueAt),
      };
    default:
      return next;
  }
}

/** When the legal deadline passes if nothing happens; null where it does not run, or that is noted already. */
export function runningDueOf({ row, fellOverdue }: Pick<Watched, 'row' | 'fellOverdue'>): string | null {
  const { clock, dueAt, acceptedAt, reversed } = row;
  if (reversed || clock !== 'running' || acceptedAt === null || dueAt === null) return null;
  return fellOverdue.includes(dueAt) ? null : dueAt;
}

/** A due instant that the log knew beforehand, and that had passed when the dossier ended, stood still, or got another. */
function leftBehind(before: Watched, row: Row, occurredAt: string): string[] {
  const dueAt = runningDueOf(before);
  if (dueAt === null || before.knownAt > dueAt || occurredAt <= dueAt) return [];
  return runningDueOf({ row, fellOverdue: before.fellOverdue }) === dueAt ? [] : [dueAt];
}

function reminded({ raised, pending, undelivered }: Watched, event: ReminderEvent): Partial<Watched> {
  switch (event.type) {
    case 'ReminderRaised': {
      const { reminder, deliveries } = event.data;
      const further = deliveries.map((delivery) => ({ reminder, ...delivery }));
      return { raised: [...raised, reminder], pending: [...pending, ...further] };
    }
    case 'ReminderSent':
    case 'ReminderDropped': {
      return { pending: without(event.data, pending), undelivered: without(event.data, undelivered) };
    }
    case 'ReminderFailed': {
      const { reminder, channel, to, key, attempts, reason } = event.data;
      const failed = { reminder, channel, to, key, attempts, reason, failedAt: event.recordedAt };
      return {
        pending: without(event.data, pending),
        undelivered: [...without(event.data, undelivered), failed],
      };
    }
    case 'ReminderRetried': {
      const { reminder, channel, to } = event.data;
      return {
        pending: [...without(event.data, pending), { reminder, channel, to }],
        undelivered: without(event.data, undelivered),
      };
    }
    default:
      return {};
  }
}

export const isSame = (one: Pending, other: Pending): boolean =>
  one.reminder === other.reminder && one.channel === other.channel && one.to === other.to;

const without = <T extends Pending>(one: Pending, all: readonly T[]): T[] =>
  all.filter((other) => !isSame(one, other));

/** After these the clock goes on with what was left. */
const RESUMES: ReadonlySet<string> = new Set(['SupplementReceived', 'PaymentConfirmed']);

const NOTHING = {
  knownAt: '',
  grantedDueAt: null,
  asked: null,
  resolved: null,
  consultations: [],
  extended: false,
  fellOverdue: [],
  cancelled: [],
  missed: [],
  raised: [],
  pending: [],
  undelivered: [],
} as const;
