import { randomUUID } from 'node:crypto';
import type { ServerWritableStream } from '@grpc/grpc-js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import { Answer, Gone } from './answer.js';
import { authorize, type ServerContext } from './context.js';
import { rpcErrors } from './errors.js';
import { filterOf } from './filters.js';
import { checkPosition, pageForwards } from './page.js';
import { type Position, readMessages, streamNameOf } from './read-messages.js';
import { AllSubscription, untilVisible } from './subscription.js';

type Call = ServerWritableStream<ReadReq, ReadResp>;

/** Streams.Read: reads and subscriptions are one method. */
export function readService(context: ServerContext): (call: Call) => void {
  return (call) => {
    void answer(context, call).then(
      () => call.end(),
      (error: unknown) => {
        if (!(error instanceof Gone)) call.emit('error', error);
      },
    );
  };
}

async function answer(context: ServerContext, call: Call): Promise<void> {
  const options = call.request.getOptions()!;
  const subscribes = options.hasSubscription();
  const out = new Answer(call, context, context.faults.take(subscribes ? 'subscribe' : 'read'));
  authorize(context, call.metadata);
  await out.begin();
  const backwards = options.getReadDirection() === streamsPb.ReadReq.Options.ReadDirection.BACKWARDS;
  if (subscribes && backwards) throw rpcErrors.invalidCombination();
  if (options.hasStream()) {
    if (options.hasFilter()) throw rpcErrors.invalidCombination();
    return subscribes
      ? subscribeToStream(context, options, out)
      : readStream(context, options, backwards, out);
  }
  if (subscribes) await new AllSubscription(context, out, filterOf(options), placeInAll(options)).run();
  return backwards ? readAllBackwards(context, options, out) : readAllForwards(context, options, out);
}

async function readStream(
  { log }: ServerContext,
  options: ReadReq.Options,
  backwards: boolean,
  out: Answer,
): Promise<void> {
  const where = options.getStream()!;
  const name = streamNameOf(where.getStreamIdentifier());
  const events = log.stream(name);
  if (!events) return out.send(readMessages.streamNotFound(name));
  const last = events.length - 1;
  let left = Number(options.getCount());
  const given = where.hasRevision() ? Number(where.getRevision()) : where.hasStart() ? 0 : undefined;
  let at = backwards ? Math.min(given ?? last, last) : (given ?? last + 1);
  while (left > 0 && at >= 0 && at <= last) {
    await out.send(readMessages.event(events[at]!));
    left -= 1;
    at += backwards ? -1 : 1;
  }
}

async function subscribeToStream(
  context: ServerContext,
  options: ReadReq.Options,
  out: Answer,
): Promise<void> {
  const where = options.getStream()!;
  const name = streamNameOf(where.getStreamIdentifier());
  const length = (): number => context.log.stream(name)?.length ?? 0;
  let at = where.hasRevision() ? Number(where.getRevision()) + 1 : where.hasStart() ? 0 : length();
  await out.send(readMessages.confirmation(randomUUID()));
  for (let told = false; ;) {
    for (; at < length(); at += 1) await out.send(readMessages.event(context.log.stream(name)![at]!));
    if (!told && context.tellsCaughtUp) await out.send(readMessages.caughtUp());
    told = true;
    await untilVisible(context, out.ended, () => at < length());
  }
}

/** From a position on, the event there included; up to what is in the log at the end. */
async function readAllForwards({ log }: ServerContext, options: ReadReq.Options, out: Answer): Promise<void> {
  const start = placeInAll(options);
  if (start === 'end') return;
  const filter = filterOf(options);
  let left = Number(options.getCount());
  let from = start === 'start' ? { commit: 0, prepare: 0 } : start;
  while (left > 0) {
    const page = pageForwards(log, from, filter);
    for (const event of page.events.slice(0, left)) await out.send(readMessages.event(event));
    left -= page.events.length;
    if (page.isEnd) return;
    from = page.next;
  }
}

/** Backwards a position is an end: the event that begins there is not read. */
async function readAllBackwards(
  { log }: ServerContext,
  options: ReadReq.Options,
  out: Answer,
): Promise<void> {
  const start = placeInAll(options);
  if (start === 'start') return;
  const filter = filterOf(options);
  if (start !== 'end') checkPosition(log, start.commit);
  let left = Number(options.getCount());
  let index = (start === 'end' ? log.count : log.indexOf(start.commit)) - 1;
  for (; left > 0 && index >= 0; index -= 1) {
    const event = log.at(index)!;
    if (filter && !filter.allows(event)) continue;
    await out.send(readMessages.event(event));
    left -= 1;
  }
}

function placeInAll(options: ReadReq.Options): Position | 'start' | 'end' {
  const where = options.getAll()!;
  const position = where.getPosition();
  if (!position) return where.hasStart() ? 'start' : 'end';
  return { commit: Number(position.getCommitPosition()), prepare: Number(position.getPreparePosition()) };
}
