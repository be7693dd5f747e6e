import type { Calendar } from '#libs/calendar/compile-calendar.js';
import type { Wish } from '../channel.js';
import type { Preference } from './preference.js';
import { quietUntil } from './quiet-until.js';

/** Whose office is shut for longer gets it all the same. */
const LONGEST_SHUT_DAYS = 400;

/**
 * When a mail may leave that could now: after quiet hours, and a digest not before the office opened for the first time
 * after the reminder was raised. Instants in milliseconds since 1970.
 */
export function mailWish(
  preference: Preference,
  { now, raisedAt, calendar }: { now: number; raisedAt: number; calendar: Calendar },
): Wish {
  const digest = preference.mail === 'digest';
  const from = digest ? Math.max(now, openingAfter(raisedAt, calendar)) : now;
  return { at: quietUntil(preference, from, calendar), digest };
}

/** The first opening of a worked day after an instant. */
function openingAfter(at: number, calendar: Calendar): number {
  const today = calendar.dayOf(at);
  for (let day = today; day < today + LONGEST_SHUT_DAYS; day += 1) {
    const opening = calendar.openingOf(day);
    if (calendar.whyOff(day) === null && opening > at) return opening;
  }
  return at;
}
