/** A frame of the client for EventStoreDB, or of what it speaks with. */
const CLIENT = /[\\/]node_modules[\\/](@eventstore[\\/]db-client|@grpc[\\/]grpc-js|google-protobuf)[\\/]/;

let notice: ((line: string) => void) | undefined;

/**
 * Promises that the client for EventStoreDB rejects inside itself, where nobody can catch them (an error status without
 * details, a stream that failed before), end in one line for `say` and not with the process: the call they belong to
 * runs into its own time limit and is made again. Every other rejection that nobody handles ends the process, as Node
 * does by default.
 */
export function surviveEventStoreClient(say: (line: string) => void): void {
  if (notice === undefined) process.on('unhandledRejection', survive);
  notice = say;
}

function survive(reason: unknown): void {
  if (!isOfClient(reason)) throw reason;
  notice?.(`event store client: ${(reason.message.split('\n', 1)[0] ?? '').slice(0, 200)}`);
}

/** Thrown by the client's own code: what our code throws when the client calls it is not. */
export function isOfClient(reason: unknown): reason is Error {
  if (!(reason instanceof Error)) return false;
  const thrownAt = /^[ \t]+at .*$/m.exec(reason.stack ?? '')?.[0];
  return thrownAt !== undefined && CLIENT.test(thrownAt);
}
