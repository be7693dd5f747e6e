import type { Calendar } from '#libs/calendar/compile-calendar.js';
import { DAY_MS, formatInstant } from '#libs/calendar/instants.js';
import type { VersionRef } from '#libs/dossier/dossier.events.js';
import type {
  ReminderMoment,
  ReminderRecipient,
  ReminderRule,
  ReminderTopic,
} from '#libs/reference/reminder-rules.js';
import { inOfficeHours, instantOf, type Span } from './moments.js';
import { runningDueOf, type Since, type Watched } from './watched.js';

/** A reminder that is to come. Instants are ISO 8601 in UTC with milliseconds. */
export interface Reminder {
  /** The same for the same reminder of the same dossier, whenever and wherever it is planned. */
  readonly id: string;
  readonly about: ReminderTopic;
  readonly to: ReminderRecipient;
  /** In office hours of whoever gets it. */
  readonly at: string;
  readonly dueAt: string;
  /** Tells that the deadline itself is there: however late, it is told once. */
  readonly atDeadline: boolean;
}

/** What a plan rests on besides the dossier. */
export interface PlanBasis {
  readonly policy: VersionRef & { readonly rules: readonly ReminderRule[] };
  /** In force now for a unit. */
  readonly calendarOf: (unit: string) => Calendar;
}

/** Something that is to be done in time. */
interface Deadline {
  readonly about: ReminderTopic;
  /** Tells apart what there may be several of. */
  readonly which?: string;
  readonly from: string;
  readonly due: string;
  /** As it was given, before any standstill. Default: `due`. */
  readonly granted?: string | null;
  readonly knownAt: string;
}

/** With its instant in milliseconds since 1970: most of what is planned is only compared. */
interface Planned extends Omit<Reminder, 'at'> {
  readonly at: number;
}

/**
 * All reminders of a dossier as it is now, in the order of their instants; also those that were raised already. What
 * lies before the log knew of it is left out, but for the deadline itself: who is late is told once, however late. What
 * two persons cancelled is left out, too, as long as it has the due instant that they cancelled.
 */
export function planReminders(watched: Watched, basis: PlanBasis): Reminder[] {
  return planned(watched, basis).map(written);
}

function planned(watched: Watched, { policy, calendarOf }: PlanBasis): Planned[] {
  const { row, round } = watched;
  if (policy.rules.length === 0) return [];
  const counted = calendarOf(row.desk);
  const all: Planned[] = [];
  for (const deadline of deadlinesOf(watched)) {
    const { about, from, due: dueAt, granted } = deadline;
    if (isCancelled(watched, about, dueAt)) continue;
    const span = { from: ms(from), due: ms(dueAt), granted: ms(granted ?? dueAt) };
    if (isSlip(span)) continue;
    const knownAt = ms(deadline.knownAt);
    for (const { about: topic, procedures, when, to } of policy.rules) {
      if (topic !== about || !(procedures?.includes(row.procedure) ?? true)) continue;
      const wanted = instantOf(when, span, counted);
      if (wanted === null) continue;
      // A share of the time may end within a millisecond: instants are told, and so compared, in whole ones.
      const at = Math.trunc(inOfficeHours(calendarOf(unitOf(to, row)), wanted));
      const atDeadline = 'on' in when && when.on === 'due';
      if (at < knownAt && !atDeadline) continue;
      // The office was shut until the deadline: what was to be told before it comes too late for that.
      if (!atDeadline && !('after' in when) && at >= span.due) continue;
      const id = [...idOf(deadline, when, to), ...(round === 0 ? [] : [`again-${round}`])].join('/');
      all.push({ id, about, to, at, dueAt, atDeadline });
    }
  }
  return all.sort((a, b) => a.at - b.at || compare(a.id, b.id));
}

const written = ({ at, ...rest }: Planned): Reminder => ({ ...rest, at: formatInstant(at) });

/** Instants of events are written in one way only, so that they need no careful reading. */
const ms = (instant: string): number => Date.parse(instant);

/** Nobody gives so long a time: a year was mistyped, and no calendar is to be searched for it. */
const LONGEST_MS = 30 * 366 * DAY_MS;
const isSlip = ({ from, due, granted }: Span): boolean =>
  Math.abs(due - from) > LONGEST_MS || Math.abs(granted - from) > LONGEST_MS;

function deadlinesOf({
  row,
  knownAt,
  grantedDueAt,
  asked,
  resolved,
  consultations,
  extended,
}: Watched): Deadline[] {
  const { state, clock, registeredAt, acceptedAt, dueAt } = row;
  if (row.reversed) return [];
  const deadlines: Deadline[] = [];
  if (state === 'registered' && registeredAt !== null && dueAt !== null) {
    deadlines.push({ about: 'answer', from: registeredAt, due: dueAt, knownAt });
  }
  if (clock === 'running' && acceptedAt !== null && dueAt !== null) {
    const work = { from: acceptedAt, due: dueAt, granted: grantedDueAt, knownAt };
    deadlines.push({ about: 'result', ...work });
    // One extension is what there may be: afterwards no apology helps any more.
    if (!extended) deadlines.push({ about: 'apology', ...work });
  }
  if (clock === 'running') {
    for (const { id, at: from, dueAt: due, ...known } of consultations) {
      if (due !== null) deadlines.push({ about: 'consultation', which: id, from, due, ...known });
    }
  }
  if (state === 'supplement_requested' && asked) deadlines.push(waitingSince('supplement', asked));
  if (state === 'resolved' && resolved) deadlines.push(waitingSince('collection', resolved));
  return deadlines;
}

const isCancelled = ({ cancelled }: Watched, about: ReminderTopic, due: string): boolean =>
  cancelled.some(({ topic, dueAt }) => topic === about && dueAt === due);

/** No deadline of its own: all that is reminded of comes after. */
function waitingSince(about: ReminderTopic, { at, knownAt }: Since): Deadline {
  return { about, from: at, due: at, knownAt };
}

function unitOf(to: ReminderRecipient, { unit, desk }: Watched['row']): string {
  return to === 'official' || to === 'supervisor' ? unit : desk;
}

function idOf({ about, which, due }: Deadline, when: ReminderMoment, to: ReminderRecipient): string[] {
  return [about, ...(which === undefined ? [] : [which]), nameOf(when), to, due];
}

function nameOf(when: ReminderMoment): string {
  if ('share' in when) return `share-${when.share}`;
  if ('on' in when) return when.on;
  const [side, { value, unit }] = 'before' in when ? ['before', when.before] : ['after', when.after];
  return `${side}-${value}-${unit}`;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What is left so long, because no worker was there, is nobody's news any more. */
const STALE_MS = 3 * DAY_MS;
/** Who looks so little later than planned is on time, though the office has just shut. */
export const PUNCTUAL_MS = 15 * 60_000;

export interface Look {
  /** To be raised now. */
  readonly due: readonly Reminder[];
  /** Due instants of which is to be noted that they passed. */
  readonly overdue: readonly string[];
  /** Always after now; null: never, unless something happens. */
  readonly next: NextLook | null;
}

/** When a dossier is to be looked at. */
export interface NextLook {
  readonly at: string;
  /** A deadline has passed then: the log is to know it before others are reminded. */
  readonly deadline: boolean;
}

/**
 * What is to be done about a dossier now. A reminder that is looked at too late is raised when the office is open, and
 * left when it was due more than three days ago, but for the deadline itself. A deadline has passed in the millisecond
 * after it: who answers at the due instant is on time. What is to be told at that instant waits for that look.
 */
export function lookAt(watched: Watched, basis: PlanBasis, now: string): Look {
  const present = ms(now);
  const runningDueAt = runningDueOf(watched);
  const running = runningDueAt === null ? Infinity : ms(runningDueAt);
  const reminders = planned(watched, basis)
    .filter(
      ({ id, at, atDeadline }) => (at >= present - STALE_MS || atDeadline) && !watched.raised.includes(id),
    )
    .map((reminder) => {
      const from = raisedFrom(reminder, watched, basis, present);
      return { reminder, from: from === running ? from + 1 : from };
    });
  const later = [...reminders.map(({ from }) => from), running + 1].filter((at) => at > present);
  const next = Math.min(...later);
  return {
    due: reminders.filter(({ from }) => from <= present).map(({ reminder }) => written(reminder)),
    overdue: [...watched.missed, ...(runningDueAt !== null && running < present ? [runningDueAt] : [])],
    next: next === Infinity ? null : { at: formatInstant(next), deadline: next === running + 1 },
  };
}

/** When it may be raised, from now on. */
function raisedFrom({ at, to }: Planned, { row }: Watched, { calendarOf }: PlanBasis, now: number): number {
  return now - at <= PUNCTUAL_MS ? at : inOfficeHours(calendarOf(unitOf(to, row)), now);
}
