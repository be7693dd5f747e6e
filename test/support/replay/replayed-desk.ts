import { MIGRATIONS, type Platform, platformOn } from '#apps/platform/open-platform.js';
import { type Reminders, startReminders } from '#apps/worker/reminders.js';
import type { Account } from '#libs/access/accounts/account.js';
import type { Role } from '#libs/access/principal.js';
import { isoNow } from '#libs/event-log/clock.js';
import { type NewEvent, type RecordedEvent } from '#libs/event-log/event-log.js';
import { expectedHash, FIRST_HASH } from '#libs/event-log/hash.js';
import { dossierStream } from '#libs/import/write-dossiers.js';
import { JobEngine } from '#libs/jobs/job-engine.adapter.js';
import { ProjectionRunner } from '#libs/projection/runner.js';
import { migrate } from '#libs/read-db/migrate.adapter.js';
import { parseRedisUrl } from '#libs/redis/redis-address.js';
import { connectRedis } from '#libs/redis/redis-connection.adapter.js';
import type { ReferenceData } from '#libs/reference/reference.events.js';
import type { Channel, Message } from '#libs/reminders/channel.js';
import { DELIVERIES, WAKES } from '#libs/reminders/reminder-queue.adapter.js';
import { WatchedProjection } from '#libs/reminders/watched.projection.js';
import { createTestDatabase } from '../database.js';
import { eventually } from '../eventually.js';
import { TestClock } from '../service.js';
import { testVault } from '../vault.js';
import type { LoggedLive } from './receipt.js';

/** What arrived at the other side, and when by the clock of the desk. */
export interface Arrived extends Message {
  readonly arrivedAt: string;
}

/** A database with the log and the read model, queues in Redis, and workers that are ended and begun again. */
export class ReplayedDesk {
  readonly arrived: Arrived[] = [];
  private readonly runner: ProjectionRunner;
  private engine!: JobEngine;
  private reminders!: Reminders;

  private constructor(
    readonly clock: TestClock,
    private readonly platform: Platform,
    private readonly reference: ReferenceData,
    private readonly redis: { readonly url: string; readonly prefix: string },
  ) {
    const { rawLog: log, pool, live } = platform;
    const onMoved = (position: bigint): void => live.publish({ projection: 'reminders', position });
    const told = { projection: new WatchedProjection(), clock, engine: log.engine, token: 0n };
    this.runner = new ProjectionRunner({ log, pool, onMoved, ...told });
    this.runner.start();
  }

  static async open(
    from: string,
    reference: ReferenceData,
    redis: { readonly url: string; readonly prefix: string },
  ): Promise<ReplayedDesk> {
    const clock = new TestClock(from);
    const { pool, drop } = await createTestDatabase();
    await migrate(pool, MIGRATIONS);
    const platform = platformOn(pool, clock, await testVault(pool), drop);
    const desk = new ReplayedDesk(clock, platform, reference, redis);
    await desk.begin();
    return desk;
  }

  async close(): Promise<void> {
    await this.end();
    await this.runner.stop();
    await this.platform.close();
  }

  async restart(): Promise<void> {
    await this.end();
    await this.begin();
  }

  /** Takes away what lies in the queues. */
  async loseQueues(): Promise<void> {
    for (const name of [WAKES, DELIVERIES]) await this.engine.queue(name).obliterate({ force: true });
  }

  /** Logs these as if it had been done when they were recorded. */
  async log(all: readonly LoggedLive[]): Promise<void> {
    for (const { code, event, recordedAt } of all) await this.logOne(dossierStream(code), event, recordedAt);
  }

  /** Sets the clock, and begins what follows from it. */
  async passTo(at: string): Promise<void> {
    this.clock.set(at);
    await this.folded();
    await this.reminders.planner.replan();
  }

  /** Until there is nothing more to do at this instant. */
  async settle(): Promise<void> {
    for (;;) {
      const head = await this.folded();
      const { pending } = await this.reminders.planner.replan();
      await eventually(async () => {
        for (const counts of Object.values(await this.engine.counts())) {
          if ((counts['waiting'] ?? 0) + (counts['active'] ?? 0) > 0) throw new Error('there is work');
        }
      });
      if (pending === 0 && (await this.platform.log.head()) === head) return;
    }
  }

  /** When the queue has something next, of what it holds. */
  async nextWake(): Promise<number | null> {
    const { rows } = await this.platform.pool.query<{ at: string | null }>(
      'SELECT round(extract(epoch FROM min(at)) * 1000)::text AS at FROM reminder_queue.wakes WHERE at > $1',
      [isoNow(this.clock)],
    );
    const at = rows[0]?.at;
    return at ? Number(at) : null;
  }

  async events(type: string): Promise<RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for await (const event of this.platform.log.readAll()) if (event.type === type) events.push(event);
    return events;
  }

  private async begin(): Promise<void> {
    const { platform, reference, clock, arrived } = this;
    const quiet = (): void => undefined;
    const redis = connectRedis(parseRedisUrl(this.redis.url), { log: quiet, waits: true });
    this.engine = await JobEngine.open({ redis, prefix: this.redis.prefix }, quiet);
    const channel: Channel = {
      name: 'email',
      addressees: ({ accounts }) => Promise.resolve(accounts),
      send: (message) => {
        arrived.push({ ...message, arrivedAt: isoNow(clock) });
        return Promise.resolve('sent');
      },
    };
    const parts = { engine: this.engine, platform, reference, accounts: { all: STAFF }, channels: [channel] };
    this.reminders = startReminders({ ...parts, notice: quiet });
  }

  private async end(): Promise<void> {
    await this.reminders.close();
    await this.engine.close();
  }

  private async logOne(stream: string, event: NewEvent, recordedAt: string): Promise<void> {
    let last: RecordedEvent | undefined;
    const log = this.platform.rawLog;
    for await (const one of log.readStream(stream, { direction: 'backwards', limit: 1 })) last = one;
    const place = { stream, revision: (last?.revision ?? -1n) + 1n, position: 0n, recordedAt };
    const recorded = { ...event, ...place, previousHash: last?.hash ?? FIRST_HASH, hash: '' };
    await log.restore([{ ...recorded, hash: expectedHash(recorded) }]);
  }

  private async folded(): Promise<bigint> {
    const head = await this.platform.log.head();
    await eventually(async () => {
      const { rows } = await this.platform.pool.query(
        `SELECT 1 FROM projection.checkpoints WHERE name = 'reminders' AND status = 'live' AND position >= $1`,
        [String(head)],
      );
      if (rows.length === 0) throw new Error('the read model is not there yet');
    });
    return head;
  }
}

/** One of each role, so that each reminder is one message. */
const STAFF: ReadonlyMap<string, Account> = new Map(
  [person('official-1', 'official', ['WABO']), person('clerk-1', 'clerk', ['WABO'])]
    .concat([person('supervisor-1', 'supervisor', ['WABO']), person('head-1', 'supervisor', 'all')])
    .map((account) => [account.id, account]),
);

function person(id: string, role: Role, units: readonly string[] | 'all'): Account {
  const none = { delegations: [], tokens: [] };
  return {
    id,
    kind: 'person',
    demo: false,
    grants: [{ role, units }],
    openedAt: '2010-01-01T00:00:00.000Z',
    ...none,
  };
}
