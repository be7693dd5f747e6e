import { Server, ServerCredentials } from '@grpc/grpc-js';
import { GossipService } from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import { ServerFeaturesService } from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { systemClock } from '#libs/event-log/clock.js';
import { appendService } from './append.service.js';
import { batchAppendService } from './batch-append.service.js';
import { gossipService, supportedMethodsService } from './cluster.service.js';
import type { Member, ServerContext } from './context.js';
import { rpcErrors } from './errors.js';
import { Faults } from './faults.js';
import { FileJournal, inMemory } from './journal.js';
import { Listener } from './listener.js';
import { StandInLog } from './log.js';
import { readService } from './read.service.js';
import { systemEvents } from './system-events.js';

export interface StandInOptions {
  /** 0, the default, for a free one. */
  readonly port?: number;
  /** A file that keeps what was appended; without it a restart of the program loses all. */
  readonly journal?: string;
  /** Largest append in bytes; 1 MiB as the server has it. */
  readonly maxAppendSize?: number;
  /** How long an append may take until it is answered with a timeout; 2 s. */
  readonly writeTimeoutMs?: number;
  /** Ids that are remembered for appends at any revision. */
  readonly idCache?: number;
  /** A server from before 23.10, which never says that a subscription has caught up. */
  readonly older?: boolean;
  /** Whether plain Append is all there is, as before 21.10. */
  readonly withoutBatchAppend?: boolean;
  /** Names and passwords; who comes without is refused. Clients send them over TLS only. */
  readonly users?: Readonly<Record<string, string>>;
  readonly tls?: { readonly key: Buffer; readonly certificate: Buffer };
}

/** How members of a cluster know one another. */
export interface Cluster {
  readonly log: StandInLog;
  members(): readonly Member[];
}

/**
 * A server that speaks the protocol of EventStoreDB, for tests where no server can be had: the real client talks to it
 * unchanged, and it fails on demand. It exists for tests only and is no store: it holds everything in memory, and knows
 * of the server what the adapter uses. Written after the server's published source; what is not modelled (deletes,
 * stream metadata, links, persistent subscriptions, access lists, scavenges, replication) says so or is not there.
 *
 * An append's answer carries the position of its last event, as the server's does; a repeat is answered with that of
 * the last event of the first time, and with its revision, also when the stream went on.
 */
export class EventStoreStandIn {
  readonly faults = new Faults();
  /** By how much the server's clock is ahead (in milliseconds), for `created` and for deadlines. */
  clockOffsetMs = 0;
  private readonly timers = new Set<NodeJS.Timeout>();
  private grpc: Server | undefined;
  private listener: Listener | undefined;
  private stored: StandInLog | undefined;
  private port: number;

  constructor(
    private readonly options: StandInOptions,
    private readonly cluster?: Cluster,
  ) {
    this.port = options.port ?? 0;
  }

  /** Address for the client. It stays the same over restarts. */
  get url(): string {
    return `esdb://127.0.0.1:${this.port}?tls=${this.options.tls !== undefined}`;
  }

  get address(): { readonly host: string; readonly port: number } {
    return { host: '127.0.0.1', port: this.port };
  }

  get running(): boolean {
    return this.listener !== undefined;
  }

  /** How many connections clients have. */
  get connections(): number {
    return this.listener?.connections ?? 0;
  }

  /** How many subscriptions clients have. */
  get subscriptions(): number {
    return this.log.followers;
  }

  /** How many events there are, those of the system counted too. */
  get count(): number {
    return this.log.count;
  }

  async start(): Promise<void> {
    this.stored ??= this.cluster?.log ?? (await openLog(this.options));
    const { tls } = this.options;
    const credentials = tls
      ? ServerCredentials.createSsl(null, [{ private_key: tls.key, cert_chain: tls.certificate }])
      : ServerCredentials.createInsecure();
    const grpc = new Server({ 'grpc.max_receive_message_length': 17 * 1024 * 1024 });
    this.addServices(grpc);
    this.grpc = grpc;
    this.listener = await Listener.open(grpc, credentials, this.port);
    this.port = this.listener.port;
  }

  /** Ends it and lets go of the port and the journal. */
  async stop(): Promise<void> {
    await this.kill();
    if (!this.cluster) await this.stored?.close();
    this.stored = undefined;
  }

  /** Cuts everything at once and stops listening; what was acknowledged is kept for `restart`. */
  async kill(): Promise<void> {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    const { listener, grpc } = this;
    this.listener = this.grpc = undefined;
    await listener?.close();
    grpc?.forceShutdown();
    this.stored?.forgetRecentIds();
  }

  /** On the same port, with everything that was appended. */
  async restart(): Promise<void> {
    if (this.running) await this.kill();
    await this.start();
  }

  /** Cuts every connection; the server goes on. */
  dropConnections(): void {
    this.listener?.cutAll();
  }

  /** Appends events of the server's own, as they stand between the others in `$all`. */
  async appendSystemEvents(count = 1): Promise<void> {
    for (let n = 0; n < count; n += 1) {
      const { stream, event } = systemEvents(this.log.count);
      await this.log.append(stream, 'any', [event], this.clock);
    }
  }

  private readonly clock = { now: (): number => systemClock.now() + this.clockOffsetMs };

  private get log(): StandInLog {
    if (!this.stored) throw new Error('The stand-in is not running.');
    return this.stored;
  }

  private addServices(grpc: Server): void {
    const context = this.context();
    const { withoutBatchAppend } = this.options;
    grpc.addService(StreamsService, {
      read: readService(context),
      append: appendService(context),
      ...(withoutBatchAppend ? {} : { batchAppend: batchAppendService(context) }),
      delete: (_call: unknown, callback: (error: Error) => void) => callback(rpcErrors.notModelled('delete')),
      tombstone: (_call: unknown, callback: (error: Error) => void) =>
        callback(rpcErrors.notModelled('tombstone')),
    });
    grpc.addService(ServerFeaturesService, {
      getSupportedMethods: supportedMethodsService(context, withoutBatchAppend ?? false),
    });
    grpc.addService(GossipService, { read: gossipService(context) });
  }

  private context(): ServerContext {
    const { options } = this;
    const members = (): readonly Member[] =>
      this.cluster?.members() ?? [{ ...this.address, leader: true, alive: true }];
    return {
      log: this.log,
      faults: this.faults,
      clock: this.clock,
      maxAppendSize: options.maxAppendSize ?? 1_048_576,
      writeTimeoutMs: options.writeTimeoutMs ?? 2_000,
      tellsCaughtUp: !options.older,
      version: options.older ? '22.10.5' : '24.10.0',
      users: options.users && new Map(Object.entries(options.users)),
      members,
      leaderElsewhere: () => members().find(({ leader, port }) => leader && port !== this.port),
      cut: (peer) => this.listener?.cut(peer),
      later: (ms, action) => {
        const timer = setTimeout(() => {
          this.timers.delete(timer);
          action();
        }, ms);
        this.timers.add(timer);
      },
    };
  }
}

export async function openLog({ journal, idCache = 100_000 }: StandInOptions): Promise<StandInLog> {
  return new StandInLog(journal === undefined ? inMemory : await FileJournal.open(journal), idCache);
}

/** A server that runs. End it with `stop`. */
export async function startEventStore(options: StandInOptions = {}): Promise<EventStoreStandIn> {
  const server = new EventStoreStandIn(options);
  await server.start();
  return server;
}
