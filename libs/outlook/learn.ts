import type { Pause } from '#libs/calendar/calendar.js';
import { CalendarError } from '#libs/calendar/calendar-error.js';
import type { Calendar } from '#libs/calendar/compile-calendar.js';
import { workingSeconds } from '#libs/calendar/working-time.js';
import type { DossierEvent } from '#libs/dossier/dossier.events.js';
import { type Case, foldCase, type Phase, stoppedAt } from './case.js';
import { chanceOf } from './forecast.js';
import type { Known } from './known.js';

/** The case after one more event; what it teaches goes into `known`. */
export function learn(before: Case | undefined, event: DossierEvent, known: Known): Case | undefined {
  const folded = foldCase(before, event);
  if (!folded || folded === before) return folded;
  const next = foretold(before, folded, event, known);
  const was = before && outcomeOf(before, known);
  const is = outcomeOf(next, known);
  if (was || is) exchange(next, was, is, known);
  return next;
}

/** How a dossier ended, as far as others can be judged by it. */
interface Outcome {
  readonly endedAt: number;
  readonly remaining: readonly (Phase & { readonly seconds: number })[];
  /** Null where no due instant is known. */
  readonly late: boolean | null;
}

function foretold(before: Case | undefined, next: Case, { type }: DossierEvent, known: Known): Case {
  const { since, running, dueAt, countedDueAt, endedAt } = next;
  const entered = since !== before?.since || next.state !== before.state || next.unit !== before.unit;
  if (endedAt !== null || (!entered && dueAt === before.dueAt)) return next;
  const calendar = running ? known.calendar(next.calendar) : undefined;
  const left = calendar && dueAt !== null ? between(calendar, since, dueAt) : null;
  // What is late is late, whatever it was given since; and a correction does not change what was said.
  const passed = countedDueAt === null || since >= countedDueAt;
  if (!entered || left === null || left <= 0 || passed || type === 'DossierCorrected')
    return { ...next, left };
  const forecast = known.history(next.procedure, next).forecast(Date.parse(since));
  return { ...next, left, said: chanceOf(forecast, left) };
}

function outcomeOf(it: Case, known: Known): Outcome | undefined {
  const { endedAt, countedDueAt, pauses } = it;
  if (!it.resolved || it.reversed || endedAt === null) return undefined;
  const calendar = known.calendar(it.calendar);
  const remaining = it.entries.flatMap(({ state, unit, at }) => {
    const seconds = calendar && at <= endedAt ? between(calendar, at, endedAt, pauses) : null;
    return seconds === null ? [] : [{ state, unit, seconds }];
  });
  const late = countedDueAt === null ? null : (stoppedAt(it) ?? endedAt) > countedDueAt;
  return { endedAt: Date.parse(endedAt), remaining, late };
}

/** Takes what was learnt before in exchange for what is right now. */
function exchange(it: Case, was: Outcome | undefined, is: Outcome | undefined, known: Known): void {
  const { code, procedure, said } = it;
  if (was && was.late !== null) known.quality(procedure).count(said, was.late, -1);
  if (is && is.late !== null) known.quality(procedure).count(said, is.late, 1);
  for (const phase of is?.remaining ?? []) {
    const sample = { code, remaining: phase.seconds, endedAt: is?.endedAt ?? 0 };
    const history = known.history(procedure, phase);
    if (was) history.replace(sample);
    else history.add(sample);
  }
  if (!is) for (const phase of was?.remaining ?? []) known.history(procedure, phase).remove(code);
}

/** Null for what no calendar can count; 0 if `to` lies before `from`. */
function between(calendar: Calendar, from: string, to: string, pauses: readonly Pause[] = []): number | null {
  try {
    return from < to ? workingSeconds(calendar, from, to, pauses) : 0;
  } catch (error) {
    if (error instanceof CalendarError) return null;
    throw error;
  }
}
