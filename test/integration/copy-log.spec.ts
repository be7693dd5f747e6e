import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PostgresEventLog } from '#libs/event-log/adapters/postgres-event-log.adapter.js';
import { eventLogMigrations } from '#libs/event-log/adapters/postgres-schema.adapter.js';
import { compareLogs } from '#libs/event-log/copy/compare-logs.js';
import { copyLog, type CopyOptions, sourceOf } from '#libs/event-log/copy/copy-log.js';
import { type LogEngine, LogUnavailable, type RecordedEvent } from '#libs/event-log/event-log.js';
import { collect } from '#libs/event-log/testing/contract-support.js';
import { verifyLog } from '#libs/event-log/verify.js';
import type { Problem } from '#libs/problem/problem.js';
import { migrate } from '#libs/read-db/migrate.adapter.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newEvent } from '../support/dossier-events.js';
import { problemOf } from '../support/commands.js';

interface TestLog extends TestDatabase {
  readonly log: PostgresEventLog;
}

let source: TestLog;
let target: TestLog;
beforeAll(async () => {
  [source, target] = [await emptyLog(), await emptyLog()];
});
afterEach(async () => {
  for (const { pool } of [source, target]) {
    await asSuperuser(pool, 'TRUNCATE event_log.events');
  }
});
afterAll(async () => {
  for (const { log, drop } of [source, target]) {
    await log.close();
    await drop();
  }
});

const withoutPosition = ({ position: _, ...event }: RecordedEvent): object => event;
const all = (log: LogEngine): Promise<RecordedEvent[]> => collect(log.readAll());

/** Appends one event after another to the stream of that number. */
async function fill(log: LogEngine, streams: readonly number[]): Promise<void> {
  for (const n of streams) await log.append(`dossier-${n}`, 'any', [newEvent('Sampled', { text: `ô ${n}` })]);
}

async function copy(more: Partial<CopyOptions> = {}) {
  return copyLog({ source: await sourceOf(source.log), target: target.log, ...more });
}

const compare = () => compareLogs(source.log.readAll(), target.log.readAll());

describe('a copy', () => {
  it('holds the same events in the same order, whatever the log, the size of batches and where it was broken off', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(4), { maxLength: 30 }),
        fc.integer({ min: 1, max: 7 }),
        fc.nat(10),
        async (streams, batchSize, breakAfter) => {
          for (const { pool } of [source, target]) await asSuperuser(pool, 'TRUNCATE event_log.events');
          await fill(source.log, streams);
          await copy({ batchSize, target: breaking(target.log, breakAfter) }).catch((error: unknown) => {
            if (!(error instanceof LogUnavailable)) throw error;
          });
          const already = Number(await target.log.head());
          expect(await copy({ batchSize })).toEqual({
            events: streams.length,
            streams: new Set(streams).size,
            already,
            findings: [],
          });
          expect((await all(target.log)).map(withoutPosition)).toEqual(
            (await all(source.log)).map(withoutPosition),
          );
          expect(await compare()).toBeUndefined();
        },
      ),
      { numRuns: 25 },
    );
  });

  it('goes on where it was stopped by a signal, and brings what was appended since', async () => {
    await fill(source.log, [1, 2, 1, 3, 1, 2]);
    const stop = new AbortController();
    const broken = copy({ batchSize: 2, signal: stop.signal, progress: (done) => done >= 4 && stop.abort() });
    await expect(broken).rejects.toThrow(/abort/i);
    expect(await target.log.head()).toBe(4n);
    await fill(source.log, [3]);
    expect(await copy()).toMatchObject({ events: 7, already: 4 });
    expect(await copy()).toMatchObject({ events: 7, already: 7 });
  });

  it('takes what was in the source when it began, though that is written to meanwhile', async () => {
    await fill(source.log, [1, 2]);
    const before = await sourceOf(source.log);
    await fill(source.log, [1]);
    expect(await copy({ source: before })).toMatchObject({ events: 2 });
    expect(await copy()).toMatchObject({ events: 3, already: 2 });
  });

  it('tells how far it is', async () => {
    await fill(source.log, [1, 1, 2, 2, 3]);
    const told: [number, number][] = [];
    await copy({ batchSize: 2, progress: (done, total) => told.push([done, total]) });
    expect(told).toEqual([
      [2, 5],
      [4, 5],
      [5, 5],
    ]);
  });
});

describe('a source that was meddled with', () => {
  const change = `UPDATE event_log.events SET body = replace(body::text, 'ô', 'ơ')::json WHERE position = 3`;

  it('is refused with the place, and what came before stays', async () => {
    await fill(source.log, [1, 2, 1, 2]);
    await asSuperuser(source.pool, change);
    expect(await problemOf(copy({ batchSize: 1 }))).toMatchObject({
      type: 'log-does-not-verify',
      details: { finding: 'changed', stream: 'dossier-1', revision: 1, position: '3' },
    });
    expect(await target.log.head()).toBe(2n);
  });

  it('is copied as it is when that is wanted, and says the same of itself in its new place', async () => {
    await fill(source.log, [1, 2, 1, 2]);
    await asSuperuser(source.pool, change);
    const copied = await copy({ despiteFindings: true });
    expect(copied.findings).toMatchObject([{ kind: 'changed', stream: 'dossier-1', revision: 1n }]);
    expect(await compare()).toBeUndefined();
    expect((await verifyLog(target.log.readAll(), true)).findings).toEqual(copied.findings);
  });

  it('without an event from the middle of a stream is not taken', async () => {
    await fill(source.log, [1, 1, 1, 2]);
    await asSuperuser(source.pool, 'DELETE FROM event_log.events WHERE position = 2');
    expect(await problemOf(copy())).toMatchObject({ details: { finding: 'missing_before', revision: 2 } });
    expect(await problemOf(copy({ despiteFindings: true }))).toMatchObject({ type: 'event-not-taken' });
    expect(await target.log.head()).toBe(0n);
  });
});

describe('a target', () => {
  it('with other events is refused and left alone', async () => {
    await fill(source.log, [1, 2]);
    await fill(target.log, [1]);
    const [held] = await all(target.log);
    const problem = await problemOf(copy());
    expect(problem).toMatchObject({ type: 'target-holds-other-events', details: { id: held?.id } });
    expect(await all(target.log)).toEqual([held]);
  });

  it('that was written to after a copy is told from one that holds other events', async () => {
    await fill(source.log, [1, 2]);
    await copy();
    await fill(target.log, [2]);
    const problem: Problem = await problemOf(copy());
    expect(problem).toMatchObject({
      type: 'target-is-ahead',
      details: { stream: 'dossier-2', revision: 1, position: '3' },
    });
  });
});

describe('a comparison', () => {
  it('names the first event that differs, and reads no further', async () => {
    await fill(source.log, [1, 2, 1, 2]);
    await copy();
    await asSuperuser(
      target.pool,
      `UPDATE event_log.events SET recorded_at = recorded_at + interval '1 s' WHERE position >= 3`,
    );
    let read = 0;
    const counted = async function* () {
      for await (const event of source.log.readAll()) {
        read += 1;
        yield event;
      }
    };
    expect(await compareLogs(counted(), target.log.readAll())).toMatchObject({
      ...{ after: 2, what: 'recordedAt', left: { revision: 1n }, right: { revision: 1n } },
    });
    expect(read).toBe(3);
  });

  it('names what one log has more at its end', async () => {
    await fill(source.log, [1, 2]);
    await copy();
    await fill(target.log, [7, 7]);
    expect(await compare()).toMatchObject({ after: 2, what: 'left ends', right: { stream: 'dossier-7' } });
  });

  it('sees contents that differ under equal hashes, and an end that was cut off', async () => {
    await fill(source.log, [1, 2, 3]);
    await copy();
    await asSuperuser(target.pool, 'DELETE FROM event_log.events WHERE position = 3');
    expect(await compare()).toMatchObject({ after: 2, what: 'right ends', left: { stream: 'dossier-3' } });
    await asSuperuser(
      target.pool,
      `UPDATE event_log.events SET body = replace(body::text, 'ô', 'ơ')::json WHERE position = 1`,
    );
    expect(await compare()).toMatchObject({ after: 0, what: 'body' });
  });
});

/** An engine that goes away after so many batches, with the last one written and its writer not told. */
function breaking(log: LogEngine, batches: number): LogEngine {
  let left = batches;
  const restore: LogEngine['restore'] = async (events) => {
    await log.restore(events);
    left -= 1;
    if (left < 0) throw new LogUnavailable(new Error('gone'));
  };
  return new Proxy(log, {
    get: (engine, name) => {
      if (name === 'restore') return restore;
      const member: unknown = Reflect.get(engine, name);
      return typeof member === 'function' ? (member.bind(engine) as unknown) : member;
    },
  });
}

async function emptyLog(): Promise<TestLog> {
  const database = await createTestDatabase();
  await migrate(database.pool, eventLogMigrations);
  return { ...database, log: new PostgresEventLog(database.pool) };
}

/** What the triggers refuse. */
async function asSuperuser(pool: TestDatabase['pool'], statement: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query(`SET session_replication_role = replica`);
    await client.query(statement);
    await client.query(`SET session_replication_role = DEFAULT`);
  } finally {
    client.release();
  }
}
