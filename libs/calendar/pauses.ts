import type { Pause } from './calendar.js';
import { CalendarError } from './calendar-error.js';
import type { Span } from './compile-calendar.js';
import { parseInstant } from './instants.js';

/** Pauses from an instant on, in order and without overlaps. An open one lasts to Infinity. */
export function pausesSince(since: number, pauses: readonly Pause[]): Span[] {
  if (pauses.length === 0) return [];
  const spans = pauses
    .map((pause) => {
      const from = parseInstant(pause.from, 'pause.from');
      const to = pause.to === null || pause.to === undefined ? Infinity : parseInstant(pause.to, 'pause.to');
      if (to < from)
        throw new CalendarError(`a pause ends before it begins: ${pause.from} to ${pause.to ?? ''}`);
      return { from: Math.max(from, since), to };
    })
    .filter(({ from, to }) => from < to)
    .sort((a, b) => a.from - b.from);
  const merged: Span[] = [];
  for (const span of spans) {
    const last = merged.at(-1);
    if (last && span.from <= last.to)
      merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    else merged.push(span);
  }
  return merged;
}

/** What of a span lies in no pause. */
export function outsidePauses(span: Span, pauses: readonly Span[]): Span[] {
  const left: Span[] = [];
  let from = span.from;
  for (const pause of pauses) {
    if (pause.from >= span.to) break;
    if (pause.from > from) left.push({ from, to: pause.from });
    from = Math.max(from, pause.to);
  }
  if (from < span.to) left.push({ from, to: span.to });
  return left;
}
