import { type Kysely, type Migration, sql } from 'kysely';
import type { Pool } from 'pg';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRedis } from 'rate-limiter-flexible';
import type { RedisAddress } from '#libs/redis/redis-address.js';
import { connectRedis, type RedisClient } from '#libs/redis/redis-connection.adapter.js';
import type { Counter, Counters, Limit } from './counters.js';

/** Kept by no backup and no replica: a count is worth nothing once its minutes are over. */
export const limitMigrations: Record<string, Migration> = {
  '2026-12-limits': {
    async up(db: Kysely<unknown>): Promise<void> {
      await sql.raw('CREATE SCHEMA IF NOT EXISTS access').execute(db);
      await sql
        .raw(
          // The library reckons with `expire` as a number (milliseconds since 1970); our pools read bigint as BigInt.
          `CREATE UNLOGGED TABLE access.limits (
             key    text PRIMARY KEY,
             points integer NOT NULL DEFAULT 0,
             expire double precision
           )`,
        )
        .execute(db);
      await sql.raw('CREATE INDEX limits_expire ON access.limits (expire)').execute(db);
    },
  },
};

export interface SharedCountersParts {
  readonly pool: Pool;
  /** Without one, counts are in PostgreSQL. */
  readonly redis: RedisAddress | undefined;
  /** Under a secret of the installation: an address or an account could be guessed from a plain hash. */
  readonly digest: (text: string) => Buffer;
  readonly log: (line: string) => void;
}

const ANSWER_MS = 1_000;

/** Counters of rate-limiter-flexible that all instances share. Nothing is connected before something is counted. */
export function sharedCounters({ pool, redis, digest, log }: SharedCountersParts): Counters {
  let client: RedisClient | undefined;
  const keyOf = (key: string): string => digest(key).toString('base64url').slice(0, 22);
  const limiterOf = ({ name, points, seconds }: Limit): RateLimiterRedis | RateLimiterPostgres => {
    const insuranceLimiter = new RateLimiterMemory({ keyPrefix: name, points, duration: seconds });
    const common = { points, duration: seconds, insuranceLimiter };
    if (redis === undefined) {
      return new RateLimiterPostgres({
        ...common,
        keyPrefix: name,
        storeClient: pool,
        storeType: 'pool',
        schemaName: 'access',
        tableName: 'limits',
        tableCreated: true,
        clearExpiredByTimeout: false,
      });
    }
    client ??= connectRedis(redis, { log, waits: false, options: { commandTimeout: ANSWER_MS } });
    return new RateLimiterRedis({
      ...common,
      keyPrefix: `${redis.prefix}:limit:${name}`,
      storeClient: client,
    });
  };
  const sweeper = redis === undefined ? setInterval(() => void sweep(pool), SWEEP_MS).unref() : undefined;
  return {
    counter: (limit) => {
      let limiter: ReturnType<typeof limiterOf> | undefined;
      const get = (): ReturnType<typeof limiterOf> => (limiter ??= limiterOf(limit));
      return {
        add: async (key, points = 1) => {
          const { consumedPoints, msBeforeNext } = await get().penalty(keyOf(key), points);
          return { used: consumedPoints, msLeft: msBeforeNext };
        },
        clear: async (key) => {
          await get().delete(keyOf(key));
        },
      } satisfies Counter;
    },
    close: () => {
      clearInterval(sweeper);
      client?.disconnect();
    },
  };
}

const SWEEP_MS = 300_000;

/** Rows of keys that never came back. Whoever is kept from it does it the next time. */
async function sweep(pool: Pool): Promise<void> {
  await pool
    .query('DELETE FROM access.limits WHERE expire < extract(epoch FROM now()) * 1000 - 60000')
    .catch(() => undefined);
}
