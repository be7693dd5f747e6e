import { readFile } from 'node:fs/promises';
import { connect } from 'node:http2';
import { Problem } from '#libs/problem/problem.js';
import type { Clock } from '../clock.js';
import type { EventStoreAddress } from './eventstoredb-address.adapter.js';
import { MOST_SKEW_MS } from './eventstoredb-clock.adapter.js';
import { isDenied, reasonOf } from './eventstoredb-errors.adapter.js';
import type { EventStoreReader } from './eventstoredb-read.adapter.js';

const ASK_MS = 3_000;

/**
 * Before a process works with a server: it answers, lets us in, and its clock is near ours, because `recordedAt` is
 * stamped here.
 * @throws Problem
 */
export async function requireServer(
  address: EventStoreAddress,
  reader: Pick<EventStoreReader, 'head'>,
  clock: Clock,
): Promise<void> {
  try {
    await reader.head();
  } catch (error) {
    const cause = rootOf(error);
    if (isDenied(cause)) throw new Problem('event-store-login-refused', { address: address.shown });
    throw new Problem('event-store-unreachable', { address: address.shown, reason: reasonOf(cause) });
  }
  const skew = await clockSkewMs(address, clock);
  if (skew > MOST_SKEW_MS) {
    throw new Problem('event-store-clock-off', { address: address.shown, seconds: Math.round(skew / 1_000) });
  }
}

/**
 * How far a clock is from the server's, in milliseconds, at least: the date has no fractions of a second, and the answer
 * was on its way. 0 where the server gives no time.
 */
export async function clockSkewMs(address: EventStoreAddress, clock: Clock): Promise<number> {
  const before = clock.now();
  const theirs = await serverTime(address).catch(() => undefined);
  if (theirs === undefined) return 0;
  return Math.max(0, theirs - clock.now(), before - (theirs + 1_000));
}

/**
 * The server's clock, from the `date` of its answer to a plain question: nothing is written for it, and nobody must be
 * logged in. The client shows no headers. Undefined where there is no date.
 */
async function serverTime({ firstHost, tls, caFile }: EventStoreAddress): Promise<number | undefined> {
  const ca = caFile === undefined ? undefined : await readFile(caFile);
  const session = connect(`${tls ? 'https' : 'http'}://${firstHost}`, ca ? { ca } : {});
  try {
    return await new Promise<number | undefined>((resolve, reject) => {
      session.on('error', reject);
      session.setTimeout(ASK_MS, () => resolve(undefined));
      const request = session.request({ ':method': 'HEAD', ':path': '/health/live' });
      request.on('error', reject);
      request.on('response', ({ date }) => {
        const time = Date.parse(date ?? '');
        resolve(Number.isNaN(time) ? undefined : time);
      });
      request.end();
    });
  } finally {
    session.destroy();
  }
}

function rootOf(error: unknown): unknown {
  let root = error;
  while (root instanceof Error && root.cause !== undefined) root = root.cause;
  return root;
}
