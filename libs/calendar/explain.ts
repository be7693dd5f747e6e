import type { Limit, Pause } from './calendar.js';
import type { Calendar, Span, WhyOff } from './compile-calendar.js';
import { DAY_MS, formatDay, formatInstant, parseInstant } from './instants.js';
import { outsidePauses, pausesSince } from './pauses.js';
import { countLimit, workingSeconds } from './working-time.js';

/** `start_day`: time runs from the next working day on; `after_hours`: it began when the office had closed for the day. */
export type WhyLeftOut = WhyOff | 'pause' | 'start_day' | 'after_hours';

export interface Explanation {
  /** What was counted, in order. Instants in UTC. */
  readonly counted: readonly { readonly from: string; readonly to: string; readonly seconds: number }[];
  /** Dates (in the zone) that gave nothing, with why. */
  readonly leftOut: readonly { readonly date: string; readonly why: WhyLeftOut }[];
}

/** How `dueInstant` comes to its answer. Grows with the span, unlike it. */
export function explain(
  calendar: Calendar,
  start: string,
  limit: Limit,
  pauses: readonly Pause[] = [],
): Explanation & { readonly due: string } {
  const count = countLimit(calendar, start, limit, pauses);
  const due = formatInstant(count.due, 'the due instant');
  if (limit.unit === 'day') return { due, ...explainDays(calendar, limit.value, count) };
  const startDay = calendar.dayOf(count.start);
  const fromNextDay =
    calendar.startRule === 'next_day' && !(limit.unit === 'working_day' && limit.value === 0);
  const since = fromNextDay ? calendar.openingOf(calendar.workedDay(1, startDay + 1)) : count.since;
  const outside = { day: startDay, why: fromNextDay ? 'start_day' : 'after_hours' } as const;
  return { due, ...explainWorkingTime(calendar, { from: since, to: count.due }, count.pauses, outside) };
}

/** How `workingSeconds` comes to its answer. */
export function explainWorkingSeconds(
  calendar: Calendar,
  from: string,
  to: string,
  pauses: readonly Pause[] = [],
): Explanation & { readonly workingSeconds: number } {
  const sum = workingSeconds(calendar, from, to, pauses);
  const span = { from: parseInstant(from), to: parseInstant(to) };
  const outside = { day: calendar.dayOf(span.from), why: 'after_hours' } as const;
  return {
    workingSeconds: sum,
    ...explainWorkingTime(calendar, span, pausesSince(span.from, pauses), outside),
  };
}

function explainWorkingTime(
  calendar: Calendar,
  span: Span,
  pauses: readonly Span[],
  first: { readonly day: number; readonly why: WhyLeftOut },
): Explanation {
  const counted: Span[] = [];
  const leftOut: { date: string; why: WhyLeftOut }[] = [];
  const last = calendar.dayOf(span.to);
  for (let day = first.day; day <= last; day++) {
    const open = calendar
      .spansOn(day)
      .map(({ from, to }) => ({ from: Math.max(from, span.from), to: Math.min(to, span.to) }))
      .filter(({ from, to }) => from < to);
    const running = open.flatMap((one) => outsidePauses(one, pauses));
    counted.push(...running);
    if (running.length > 0) continue;
    const beforeFirst = day === first.day && span.from >= (calendar.spansOn(day).at(-1)?.to ?? 0);
    const why = calendar.whyOff(day) ?? (open.length > 0 ? 'pause' : beforeFirst ? first.why : null);
    if (why) leftOut.push({ date: formatDay(day), why });
  }
  return { counted: counted.map(shown), leftOut };
}

function explainDays(
  calendar: Calendar,
  days: number,
  { start, due, pauses }: { readonly start: number; readonly due: number; readonly pauses: readonly Span[] },
): Explanation {
  const { zone } = calendar;
  const paused = pauses.reduce((sum, { from, to }) => sum + zone.toWall(to) - zone.toWall(from), 0);
  const movedBy = Math.floor((zone.toWall(due) - zone.toWall(start) - paused) / DAY_MS) - days;
  const end = zone.toInstant(zone.toWall(due) - Math.max(0, movedBy) * DAY_MS);
  const counted: Span[] = [];
  const leftOut: { date: string; why: WhyLeftOut }[] = [];
  for (let wall = zone.toWall(start), from = start; from < end; wall += DAY_MS) {
    const to = Math.min(end, zone.toInstant(wall + DAY_MS));
    const running = outsidePauses({ from, to }, pauses);
    if (running.length === 0)
      leftOut.push({ date: formatDay(Math.floor((wall + DAY_MS) / DAY_MS)), why: 'pause' });
    counted.push(...running);
    from = to;
  }
  for (let day = calendar.dayOf(end); day < calendar.dayOf(due); day++) {
    const why = calendar.whyOff(day);
    if (why) leftOut.push({ date: formatDay(day), why });
  }
  return { counted: counted.map(shown), leftOut };
}

function shown({ from, to }: Span): { from: string; to: string; seconds: number } {
  return { from: formatInstant(from), to: formatInstant(to), seconds: (to - from) / 1000 };
}
