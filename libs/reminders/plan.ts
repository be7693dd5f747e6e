import type { Calendar } from '#libs/calendar/compile-calendar.js';
import { formatInstant } from '#libs/calendar/instants.js';
import type { VersionRef } from '#libs/dossier/dossier.events.js';
import type {
  ReminderMoment,
  ReminderRecipient,
  ReminderRule,
  ReminderTopic,
} from '#libs/reference/reminder-rules.js';
import { inOfficeHours, instantOf } from './moments.js';
import type { Since, Watched } from './watched.js';

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

/**
 * All reminders of a dossier as it is now, in the order of their instants; also those that were raised already. What
 * lies before the log knew of it is left out, but for the deadline itself: who is late is told once, however late.
 */
export function planReminders(watched: Watched, { policy, calendarOf }: PlanBasis): Reminder[] {
  const { row } = watched;
  if (policy.rules.length === 0) return [];
  const counted = calendarOf(row.desk);
  const open = deadlinesOf(watched);
  return open
    .flatMap((deadline) => {
      const { about, from, due: dueAt, granted } = deadline;
      const span = { from: ms(from), due: ms(dueAt), granted: ms(granted ?? dueAt) };
      const rules = policy.rules.filter(
        (rule) => rule.about === about && (rule.procedures?.includes(row.procedure) ?? true),
      );
      return rules.flatMap(({ when, to }): Reminder[] => {
        const wanted = instantOf(when, span, counted);
        if (wanted === null) return [];
        const at = formatInstant(inOfficeHours(calendarOf(unitOf(to, row)), wanted));
        const atDeadline = 'on' in when && when.on === 'due';
        if (at < deadline.knownAt && !atDeadline) return [];
        return [{ id: idOf(deadline, when, to), about, to, at, dueAt, atDeadline }];
      });
    })
    .sort((a, b) => (a.at === b.at ? compare(a.id, b.id) : compare(a.at, b.at)));
}

/** Instants of events are written in one way only, so that they need no careful reading. */
const ms = (instant: string): number => Date.parse(instant);

/** When the legal deadline passes if nothing happens; null where it does not run, or that is noted already. */
export function fallsOverdueAt({ row, fellOverdue }: Watched): string | null {
  const { clock, dueAt, acceptedAt, reversed } = row;
  if (reversed || clock !== 'running' || acceptedAt === null || dueAt === null) return null;
  return fellOverdue.includes(dueAt) ? null : dueAt;
}

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

/** No deadline of its own: all that is reminded of comes after. */
function waitingSince(about: ReminderTopic, { at, knownAt }: Since): Deadline {
  return { about, from: at, due: at, knownAt };
}

function unitOf(to: ReminderRecipient, { unit, desk }: Watched['row']): string {
  return to === 'official' || to === 'supervisor' ? unit : desk;
}

function idOf({ about, which, due }: Deadline, when: ReminderMoment, to: ReminderRecipient): string {
  return [about, ...(which === undefined ? [] : [which]), nameOf(when), to, due].join('/');
}

function nameOf(when: ReminderMoment): string {
  if ('share' in when) return `share-${when.share}`;
  if ('on' in when) return when.on;
  const [side, { value, unit }] = 'before' in when ? ['before', when.before] : ['after', when.after];
  return `${side}-${value}-${unit}`;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What is left so long, because no worker was there, is nobody's news any more. */
const STALE_MS = 3 * 86_400_000;

/**
 * What is to be raised now, and when to look again; null: never, unless something happens. What was due more than three
 * days ago and was not raised is left, but for the deadline itself.
 */
export function lookAt(
  watched: Watched,
  basis: PlanBasis,
  now: string,
): { readonly due: readonly Reminder[]; readonly overdue: string | null; readonly nextAt: string | null } {
  const oldest = new Date(Date.parse(now) - STALE_MS).toISOString();
  const open = planReminders(watched, basis).filter(({ id }) => !watched.raised.includes(id));
  const overdueAt = fallsOverdueAt(watched);
  const later = open
    .map(({ at }) => at)
    .concat(overdueAt ?? [])
    .filter((at) => at > now);
  return {
    due: open.filter(({ at, atDeadline }) => at <= now && (at >= oldest || atDeadline)),
    overdue: overdueAt !== null && overdueAt <= now ? overdueAt : null,
    nextAt: later.length === 0 ? null : later.reduce((a, b) => (a < b ? a : b)),
  };
}
