import { type FieldProblem, Problem } from '#libs/problem/problem.js';

/** Mails for each reminder, one a day with all of them, or none. */
export type MailPreference = 'each' | 'digest' | 'none';
export const MAIL_PREFERENCES: readonly MailPreference[] = ['each', 'digest', 'none'];

/** From one local time to another (`HH:MM`), the first within, the other not; over midnight where it ends earlier. */
export interface QuietHours {
  readonly from: string;
  readonly to: string;
}

/** How somebody wants to be reached outside the application. */
export interface Preference {
  /** E-mail address; null: no mails. */
  readonly address: string | null;
  readonly mail: MailPreference;
  /** Every day, in the zone of the desk. */
  readonly quietHours: readonly QuietHours[];
}

/** Of whoever has said nothing. */
export const NO_PREFERENCE: Preference = { address: null, mail: 'each', quietHours: [] };

export interface Preferences {
  /** For every one of these accounts, whether or not they have said anything. */
  of(accounts: readonly string[]): Promise<ReadonlyMap<string, Preference>>;
}

export const MOST_QUIET_HOURS = 10;
const DAY_MINUTES = 24 * 60;

/** @throws Problem `invalid-request` where quiet hours are empty, or leave no time of the day */
export function checkQuietHours(given: readonly QuietHours[]): void {
  const fields: FieldProblem[] = given.flatMap(({ from, to }, n) =>
    from === to ? [{ pointer: `/quietHours/${n}/to`, rule: 'otherTime', details: { other: from } }] : [],
  );
  const minutes = Array.from({ length: DAY_MINUTES }, (_, minute) => minute);
  if (fields.length === 0 && minutes.every((minute) => quietMinutes(given, minute) > 0)) {
    fields.push({ pointer: '/quietHours', rule: 'quietAllDay' });
  }
  if (fields.length > 0) throw new Problem('invalid-request', {}, fields);
}

/** Minutes from a minute of the day to the end of the quiet hours that hold it; 0 where none do. */
export function quietMinutes(quietHours: readonly QuietHours[], minute: number): number {
  const left = quietHours.map(({ from, to }) => {
    const [begin, end] = [minuteOf(from), minuteOf(to)];
    const into = (minute - begin + DAY_MINUTES) % DAY_MINUTES;
    const length = (end - begin + DAY_MINUTES) % DAY_MINUTES;
    return into < length ? length - into : 0;
  });
  return Math.max(0, ...left);
}

function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}
