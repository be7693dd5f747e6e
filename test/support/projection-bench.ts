import type { Pool } from 'pg';
import { Kysely, PostgresDialect } from 'kysely';
import { eventLogMigrations } from '#libs/event-log/adapters/postgres-schema.adapter.js';
import { PostgresEventLog } from '#libs/event-log/adapters/postgres-event-log.adapter.js';
import type { Clock } from '#libs/event-log/clock.js';
import { keyStoreMigrations } from '#libs/personal-data/key-store-schema.adapter.js';
import type { Projection } from '#libs/projection/projection.js';
import { rebuildProjections, type RebuildOptions } from '#libs/projection/rebuild.js';
import { ProjectionRunner, type RunnerOptions, type RunnerState } from '#libs/projection/runner.js';
import type { RebuildReport } from '#libs/projection/target.js';
import { createTestDatabase } from './database.js';

/** A log of its own in a database of its own, and runners that end with it. */
export class ProjectionBench {
  private readonly runners: ProjectionRunner[] = [];
  readonly states: RunnerState[] = [];

  private constructor(
    readonly pool: Pool,
    readonly log: PostgresEventLog,
    private readonly drop: () => Promise<void>,
  ) {}

  static async open(): Promise<ProjectionBench> {
    const { pool, drop } = await createTestDatabase();
    const there = await pool.query<{ log: string | null }>(
      `SELECT to_regclass('event_log.events')::text AS log`,
    );
    if (!there.rows[0]?.log) {
      const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
      for (const migration of Object.values({ ...eventLogMigrations, ...keyStoreMigrations }))
        await migration.up(db);
    }
    return new ProjectionBench(pool, new PostgresEventLog(pool), drop);
  }

  async close(): Promise<void> {
    await Promise.all(this.runners.map((runner) => runner.stop()));
    await this.log.close();
    await this.drop();
  }

  /** Starts a runner; it ends with the bench, or earlier by its `stop`. */
  run(
    projection: Projection,
    clock: Clock = { now: () => 0 },
    batchSize?: number,
    more: Partial<RunnerOptions> = {},
  ): ProjectionRunner {
    const onState = (state: RunnerState): number => this.states.push(state);
    const { pool, log } = this;
    const runner = new ProjectionRunner({
      log,
      pool,
      projection,
      clock,
      onState,
      engine: log.engine,
      token: 0n,
      ...(batchSize ? { batchSize } : {}),
      ...more,
    });
    this.runners.push(runner);
    runner.start();
    return runner;
  }

  rebuild(
    projections: readonly Projection[],
    more: Pick<RebuildOptions, 'progress' | 'batchSize'> = {},
  ): Promise<RebuildReport[]> {
    const { pool, log } = this;
    return rebuildProjections({ log, pool, projections, engine: log.engine, ...more });
  }

  /** Waits until the tables of a projection hold everything up to a position. */
  async reached(name: string, position: bigint): Promise<void> {
    await this.until(async () => {
      const found = await this.pool.query<{ position: bigint }>(
        `SELECT position FROM projection.checkpoints WHERE name = $1 AND status = 'live'`,
        [name],
      );
      return (found.rows[0]?.position ?? -1n) >= position;
    });
  }

  /** Asks again and again until it is so; gives up after ten seconds. */
  async until(condition: () => Promise<boolean>): Promise<void> {
    const end = performance.now() + 10_000;
    while (!(await condition().catch(() => false))) {
      if (performance.now() > end) throw new Error('it did not come to pass');
      await new Promise(setImmediate);
    }
  }

  async rows(sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
    return (await this.pool.query<Record<string, unknown>>(sql, values)).rows;
  }
}
