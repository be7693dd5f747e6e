import { Temporal } from 'temporal-polyfill';
import type { Limit, LimitUnit } from '#libs/calendar/calendar.js';
import type { Json } from '#libs/event-log/json.js';
import type { FieldProblem } from '#libs/problem/problem.js';

/** Largest limit of each unit: about a century, far beyond any law, and every due instant still has a year of four digits. */
const MAX_LIMIT: Readonly<Record<LimitUnit, number>> = {
  working_second: 1_000_000_000,
  working_minute: 20_000_000,
  working_hour: 300_000,
  working_day: 36_500,
  day: 36_500,
};
export const LIMIT_UNITS = Object.keys(MAX_LIMIT) as LimitUnit[];

/** Longest id or code, in characters. */
const MAX_CODE = 100;
const CODE = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N} ._/@:-]*[\p{L}\p{M}\p{N}.])?$/u;
/** Lone surrogates, and control characters but tab and line ends. */
const NOT_TEXT = /\p{Cs}|(?![\t\n\r])\p{Cc}/u;

/** Collects what is wrong with the fields of a body, each at its JSON pointer. */
export class FieldChecks {
  readonly problems: FieldProblem[] = [];

  expect(ok: boolean, pointer: string, rule: string, details?: FieldProblem['details']): void {
    if (!ok) this.problems.push({ pointer, rule, ...(details ? { details } : {}) });
  }

  code(value: string, pointer: string): void {
    this.expect(value.length <= MAX_CODE && CODE.test(value), pointer, 'code');
  }

  whole(value: number, pointer: string, min: number, max: number): void {
    if (!Number.isInteger(value)) this.expect(false, pointer, 'isInt');
    else if (value < min) this.expect(false, pointer, 'min', { min });
    else this.expect(value <= max, pointer, 'max', { max });
  }

  limit(limit: Limit, pointer: string): void {
    const max = LIMIT_UNITS.includes(limit.unit) ? MAX_LIMIT[limit.unit] : undefined;
    this.expect(max !== undefined, `${pointer}/unit`, 'isIn', { allowed: LIMIT_UNITS.join(', ') });
    this.whole(limit.value, `${pointer}/value`, 1, max ?? Number.MAX_SAFE_INTEGER);
  }

  /** Dates of validity: both real, and in order. */
  validity({ validFrom, validTo }: { validFrom: string; validTo: string | null }): void {
    this.expect(isDate(validFrom), '/validFrom', 'date');
    if (validTo === null) return;
    this.expect(isDate(validTo), '/validTo', 'date');
    this.expect(validFrom <= validTo, '/validTo', 'notBefore', { other: validFrom });
  }

  /** Every text within, names of members included, can be stored and shown. */
  texts(value: unknown, pointer = ''): void {
    if (typeof value === 'string') this.expect(!NOT_TEXT.test(value), pointer, 'plainText');
    else if (typeof value === 'object' && value !== null) {
      for (const [key, member] of Object.entries(value)) {
        this.texts(key, `${pointer}/${escapePointer(key)}`);
        this.texts(member, `${pointer}/${escapePointer(key)}`);
      }
    }
  }
}

/** A real date, `YYYY-MM-DD`. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString() === text;
  } catch {
    return false;
  }
}

/** The same content with every text composed (NFC), so that one Vietnamese name is one string. */
export function composed<T>(value: T): T {
  return compose(value as Json) as T;
}

function compose(value: Json): Json {
  if (typeof value === 'string') return value.normalize('NFC');
  if (Array.isArray(value)) return value.map(compose);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key.normalize('NFC'), compose(member)]),
  );
}

/** RFC 6901. */
function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
