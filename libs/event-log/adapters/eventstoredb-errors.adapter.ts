import { ErrorType, type WrongExpectedVersionError } from '@eventstore/db-client';

/** A server that says nothing. The client has no timer of its own for reads, subscriptions and batched appends. */
export class ServerSilent extends Error {
  constructor(ms: number) {
    super(`no answer within ${ms} ms`);
    this.name = 'ServerSilent';
  }
}

/**
 * What a failure says. `refused`: another revision was expected. `definite`: it was not done, and trying again
 * changes nothing. `answered`: the server spoke, but the outcome is unknown or it could not yet. `broken`: the
 * connection or the client is of no more use.
 */
export type Failure = 'refused' | 'missing' | 'definite' | 'answered' | 'broken';

const BY_TYPE: Readonly<Record<string, Failure>> = {
  [ErrorType.WRONG_EXPECTED_VERSION]: 'refused',
  [ErrorType.STREAM_NOT_FOUND]: 'missing',
  [ErrorType.ACCESS_DENIED]: 'definite',
  [ErrorType.STREAM_DELETED]: 'definite',
  [ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED]: 'definite',
  [ErrorType.INVALID_ARGUMENT]: 'definite',
  // The client itself goes to the leader that this error names: a new one would ask the wrong node again.
  [ErrorType.NOT_LEADER]: 'answered',
  [ErrorType.TIMEOUT]: 'answered',
  [ErrorType.DEADLINE_EXCEEDED]: 'answered',
  [ErrorType.UNKNOWN]: 'answered',
};

/** All else breaks the client: also what it throws itself, like a discovery that it remembers as failed for ever. */
export function failureOf(error: unknown): Failure {
  return BY_TYPE[typeOf(error) ?? ''] ?? 'broken';
}

export function isDenied(error: unknown): boolean {
  return typeOf(error) === ErrorType.ACCESS_DENIED;
}

/** Why, in one line: many of the client's errors have no message. It never holds what was sent. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unexpected error';
  const line = (error.message.split('\n', 1)[0] ?? '').slice(0, 200);
  return [typeOf(error) ?? error.name, line].filter(Boolean).join(': ');
}

/** Where the stream is, from the fields of the error; undefined if there is none. */
export function actualRevision(error: unknown): bigint | undefined {
  const { actualVersion } = error as WrongExpectedVersionError;
  // No stream can also come as -1, written as an unsigned number of 64 bits.
  return typeof actualVersion === 'bigint' && actualVersion >= 0n && actualVersion < 2n ** 63n
    ? actualVersion
    : undefined;
}

function typeOf(error: unknown): string | undefined {
  const type = error instanceof Error && 'type' in error ? error.type : undefined;
  return typeof type === 'string' ? type : undefined;
}
