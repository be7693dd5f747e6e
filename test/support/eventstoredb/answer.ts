import { once } from 'node:events';
import type { ServerWritableStream } from '@grpc/grpc-js';
import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerContext } from './context.js';
import { rpcErrors } from './errors.js';
import type { Fault } from './faults.js';

/** Thrown when nobody listens any more. */
export class Gone extends Error {}

/** The answer to a read, message by message, under whatever fault it has. */
export class Answer {
  private sent = 0;
  private readonly over = new AbortController();

  constructor(
    private readonly call: ServerWritableStream<ReadReq, ReadResp>,
    private readonly context: ServerContext,
    private readonly fault: Fault | undefined,
  ) {
    for (const event of ['cancelled', 'close', 'error']) call.on(event, () => this.over.abort(new Gone()));
  }

  /** Aborted when the caller has gone. */
  get ended(): AbortSignal {
    return this.over.signal;
  }

  /** @throws what the fault says, before anything is sent */
  async begin(): Promise<void> {
    const { fault } = this;
    if (fault?.kind === 'status') throw rpcErrors.status(fault.code, fault.details ?? 'fault on demand');
    if (fault?.kind === 'not-leader') throw rpcErrors.notLeader(fault.host, fault.port);
    if (fault?.kind === 'silent') await this.untilEnded();
    if (fault?.kind === 'drop' && fault.after === 0) await this.drop();
  }

  /** Waits while the caller is slower. @throws Gone */
  async send(message: ReadResp): Promise<void> {
    this.over.signal.throwIfAborted();
    const { fault } = this;
    if (fault?.kind === 'slow') {
      const { ms } = fault;
      await new Promise<void>((resolve) => {
        this.context.later(ms, resolve);
        this.over.signal.addEventListener('abort', () => resolve());
      });
      this.over.signal.throwIfAborted();
    }
    const goesOn = this.call.write(message);
    this.sent += 1;
    if (fault?.kind === 'drop' && this.sent >= fault.after) {
      // What was written goes out before the connection does.
      await new Promise((resolve) => this.context.later(10, () => resolve(undefined)));
      await this.drop();
    }
    if (!goesOn) await once(this.call, 'drain', { signal: this.over.signal }).catch(() => undefined);
  }

  private drop(): Promise<never> {
    this.context.cut(this.call.getPeer());
    return this.untilEnded();
  }

  private async untilEnded(): Promise<never> {
    if (!this.over.signal.aborted) await once(this.over.signal, 'abort');
    throw new Gone();
  }
}
