import type { Metadata } from '@grpc/grpc-js';
import type { Clock } from '#libs/event-log/clock.js';
import { rpcErrors } from './errors.js';
import type { Faults } from './faults.js';
import type { StandInLog } from './log.js';

export interface Member {
  readonly host: string;
  readonly port: number;
  readonly leader: boolean;
  readonly alive: boolean;
}

/** What the services know of the server they belong to. */
export interface ServerContext {
  readonly log: StandInLog;
  readonly faults: Faults;
  /** The server's clock, as far off as it was set. */
  readonly clock: Clock;
  readonly maxAppendSize: number;
  /** How long an append may take until it is answered with a timeout. */
  readonly writeTimeoutMs: number;
  /** Whether subscriptions are told that they have caught up (servers from 23.10 on). */
  readonly tellsCaughtUp: boolean;
  readonly version: string;
  /** Names and passwords; undefined where everybody may do everything (`--insecure`). */
  readonly users: ReadonlyMap<string, string> | undefined;
  members(): readonly Member[];
  /** Where appends go, if not here. */
  leaderElsewhere(): Member | undefined;
  /** Cuts the connection of a caller. */
  cut(peer: string): void;
  /** After so many milliseconds, unless the server is stopped before. */
  later(ms: number, action: () => void): void;
}

/** @throws an error of gRPC if the caller may not use streams */
export function authorize(context: ServerContext, metadata: Metadata): void {
  if (!context.users) return;
  const [given] = metadata.get('authorization');
  if (given === undefined) throw rpcErrors.accessDenied();
  const [, name, password] =
    /^([^:]*):(.*)$/s.exec(Buffer.from(String(given).replace(/^Basic /, ''), 'base64').toString()) ?? [];
  if (name === undefined || context.users.get(name) !== password) throw rpcErrors.unauthenticated();
}
