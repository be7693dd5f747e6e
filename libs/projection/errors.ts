import type { RecordedEvent } from '#libs/event-log/event-log.js';
import { LogUnavailable } from '#libs/event-log/event-log.js';
import { PoisonedEvent } from './projection.js';

/** The database went away in the middle; what was under way is to be tried again. */
export class DatabaseUnavailable extends Error {
  constructor(cause: unknown) {
    super('database unavailable', { cause });
    this.name = 'DatabaseUnavailable';
  }
}

/** An event, named without anything it says. */
export interface EventName {
  readonly id: string;
  readonly type: string;
  readonly position: string;
}

export function eventName(event: RecordedEvent): EventName {
  return { id: event.id, type: event.type, position: event.position.toString() };
}

/**
 * SQLSTATE classes that speak of the server and not of the event: connection, rollback by the server (deadlock),
 * resources, a lock that was not to be had, operator's intervention, system error.
 */
const TRANSIENT_CLASSES = new Set(['08', '40', '53', '55', '57', '58']);

/** Of the operating system, like ECONNREFUSED; no SQLSTATE has this shape. */
const SYSTEM_ERROR = /^E[A-Z]+$/;

/** True for what may pass by itself; never for an event that cannot be folded. */
export function isTransient(error: unknown): boolean {
  if (error instanceof PoisonedEvent) return isTransient(error.cause);
  if (error instanceof DatabaseUnavailable || error instanceof LogUnavailable) return true;
  const code = codeOf(error) ?? '';
  return SYSTEM_ERROR.test(code) || (code.length === 5 && TRANSIENT_CLASSES.has(code.slice(0, 2)));
}

/**
 * One line about an error that may be stored and shown. Messages of databases and parsers quote the values they
 * trip over, and those can be names: the line ends at its first quote.
 */
export function describeError(error: unknown): string {
  if (error instanceof PoisonedEvent || error instanceof DatabaseUnavailable)
    return describeError(error.cause);
  if (!(error instanceof Error)) return 'unknown error';
  const line = (error.message.split('\n', 1)[0] ?? '').replace(/["'`].*/, '…');
  return [codeOf(error) ?? error.name, line.slice(0, 200)].join(': ');
}

/** SQLSTATE of a database error, or the code of a system error. */
export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
