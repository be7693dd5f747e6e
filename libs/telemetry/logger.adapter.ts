import { type DestinationStream, destination, type Logger, pino, stdTimeFunctions } from 'pino';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Never written, should a line ever hold a request or its headers; the rule below is what keeps them out. */
const SECRET = ['authorization', 'cookie', '["set-cookie"]', '["x-csrf-token"]', '["proxy-authorization"]'];
const under = (place: string): string[] =>
  SECRET.map((name) => (name.startsWith('[') ? place + name : `${place}.${name}`));
const REDACTED = [...SECRET, ...under('headers'), ...under('req.headers'), ...under('request.headers')];

/**
 * One JSON object a line, to stderr: stdout is for people. Nothing that a request says and no message of an error may
 * go in, because they can hold names: words from the code, numbers, ids and account ids only.
 */
export function createLogger(
  level: LogLevel,
  to: DestinationStream = destination({ fd: 2, sync: true }),
): Logger {
  return pino(
    {
      level,
      base: null,
      redact: { paths: REDACTED, censor: '[secret]' },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    to,
  );
}

export type { Logger };
/** Where Nest finds it. */
export const LOGGER = Symbol('Logger');

/** A line of a stack that names a file; begin and end each by itself, so that no line takes long. */
const FRAME = [/^\s+at /, /file:|node:|\/|[A-Z]:\\/, /:\d+:\d+\)?$/];
const MOST_FRAMES = 8;

/** Of what kind an error is and where it came from, without what it says. */
export function errorFields(error: unknown): { error: string; at: string[] } {
  if (!(error instanceof Error)) return { error: typeof error, at: [] };
  const code = 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : '';
  const frames = (error.stack ?? '').replace(error.message, '').split('\n');
  return {
    error: `${error.name}${code}`,
    at: frames
      .filter((line) => FRAME.every((part) => part.test(line)))
      .slice(0, MOST_FRAMES)
      .map((line) => line.trim()),
  };
}
