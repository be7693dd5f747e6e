import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PostgresEventLog } from '#libs/event-log/adapters/postgres-event-log.adapter.js';
import { eventLogMigrations } from '#libs/event-log/adapters/postgres-schema.adapter.js';
import type { RecordedEvent } from '#libs/event-log/event-log.js';
import { migrate } from '#libs/read-db/migrate.adapter.js';
import { loadDirectory } from '#libs/reference/load-config.adapter.js';
import { publishAll } from '#libs/reference/publish-all.js';
import type { ContentOf, PublishCommand } from '#libs/reference/publish.js';
import { type PublishContext, ReferenceStore } from '#libs/reference/reference-store.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const clock = { now: () => Date.parse('2024-01-15T02:30:00Z') };
const by: PublishContext = { actor: 'admin', correlationId: 'run-1', causationId: 'run-1' };
const CODE = '1.009664';

let database: TestDatabase;
let log: PostgresEventLog;
let store: ReferenceStore;

beforeEach(async () => {
  database = await createTestDatabase();
  await migrate(database.pool, eventLogMigrations);
  log = new PostgresEventLog(database.pool);
  store = new ReferenceStore(log, clock);
});
afterEach(async () => {
  await log.close();
  await database.drop();
});

async function events(): Promise<RecordedEvent[]> {
  const all: RecordedEvent[] = [];
  for await (const event of log.readAll()) all.push(event);
  return all;
}

function newLimit(value: number, validFrom: string): PublishCommand {
  const known = store.data.procedure(CODE, '2023-01-01');
  if (!known) throw new Error('the demonstration desk is not loaded');
  const { version: _, ...content } = known;
  const limits = [{ case: 'default', limit: { value, unit: 'working_day' as const } }];
  return { kind: 'procedure', content: { ...content, limits, validFrom } };
}

const limitOn = (of: ReferenceStore, date: string): number | undefined =>
  of.data.procedure(CODE, date)?.limits[0]?.limit.value;

describe('the demonstration desk', () => {
  it('is loaded once, however often it is loaded', async () => {
    const commands = await loadDirectory('config/demo');
    expect(await publishAll(store, commands, by)).toEqual({ published: 46, unchanged: 0 });
    expect(await publishAll(store, commands, by)).toEqual({ published: 0, unchanged: 46 });
    const another = new ReferenceStore(log, clock);
    expect(await publishAll(another, commands, by)).toEqual({ published: 0, unchanged: 46 });
    expect(await log.head()).toBe(46n);
  });

  it('is loaded once by two loaders at the same time', async () => {
    const commands = await loadDirectory('config/demo');
    const results = await Promise.all([
      publishAll(store, commands, by),
      publishAll(new ReferenceStore(log, clock), commands, by),
    ]);
    expect(results.reduce((sum, { published }) => sum + published, 0)).toBe(46);
    expect(await log.head()).toBe(46n);
  });

  it('has 42 procedures, each with limit and source, labelled as demonstration', async () => {
    await publishAll(store, await loadDirectory('config/demo'), by);
    const { procedures, units } = store.data.all();
    expect(procedures).toHaveLength(42);
    for (const { limits, source, note } of procedures) {
      expect([limits.length > 0, source !== '', note?.includes('demonstration selection')]).toEqual([
        true,
        true,
        true,
      ]);
    }
    expect(units.map(({ name }) => name.vi)).toEqual([
      'Ban Quản lý các khu công nghiệp (dữ liệu trình diễn)',
    ]);
  });

  it('is not loaded at all if one entry is wrong', async () => {
    const commands = await loadDirectory('config/demo');
    const last = commands.at(-2)!;
    const content = { ...last.command.content, validFrom: '2024-02-30' } as ContentOf<'procedure'>;
    const wrong = [...commands.slice(0, -2), { ...last, command: { kind: 'procedure' as const, content } }];
    await expect(publishAll(store, wrong, by)).rejects.toMatchObject({
      type: 'reference-file-invalid',
      details: { where: last.where },
      fields: [{ pointer: '/validFrom', rule: 'date' }],
    });
    expect(await log.head()).toBe(0n);
  });
});

describe('a further version', () => {
  beforeEach(async () => {
    await publishAll(store, await loadDirectory('config/demo'), by);
  });

  it('applies from its first day, is known at once, and says who published it', async () => {
    expect(await store.publish(newLimit(15, '2026-07-01'), by)).toEqual({ version: 2, outcome: 'published' });
    expect([limitOn(store, '2026-06-30'), limitOn(store, '2026-07-01')]).toEqual([10, 15]);
    expect((await events()).at(-1)).toMatchObject({
      stream: 'reference-procedures',
      type: 'ProcedurePublished',
      occurredAt: '2024-01-15T02:30:00.000Z',
      metadata: { actor: 'admin', correlationId: 'run-1' },
    });
  });

  it('is one version for one key, and a key with other content is refused', async () => {
    const keyed = { ...by, key: 'k-1' };
    const command = newLimit(15, '2026-07-01');
    expect((await store.publish(command, keyed)).outcome).toBe('published');
    await store.publish(newLimit(16, '2026-07-01'), by);
    const restarted = new ReferenceStore(log, clock);
    expect(await restarted.publish(command, keyed)).toEqual({ version: 2, outcome: 'repeated' });
    await expect(store.publish(newLimit(17, '2026-07-01'), keyed)).rejects.toMatchObject({
      type: 'idempotency-key-reused',
    });
    expect((await store.publish(newLimit(17, '2026-07-01'), { ...keyed, actor: 'other' })).outcome).toBe(
      'published',
    );
  });

  it('gets a number of its own when many are published at once', async () => {
    const values = [11, 12, 13, 14, 15, 16];
    const other = new ReferenceStore(log, clock);
    const results = await Promise.all(
      values.map((value, index) => (index % 2 ? store : other).publish(newLimit(value, '2026-07-01'), by)),
    );
    expect(results.map(({ version }) => version).sort()).toEqual([2, 3, 4, 5, 6, 7]);
    await store.refresh();
    const versions = store.data.all().procedures.filter(({ code }) => code === CODE);
    expect(versions.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(versions.map(({ limits }) => limits[0]?.limit.value).sort()).toEqual([10, ...values]);
  });
});

describe('two stores on one log', () => {
  let other: ReferenceStore;
  let stop: AbortController;
  let following: Promise<void>;
  beforeEach(async () => {
    await publishAll(store, await loadDirectory('config/demo'), by);
    other = new ReferenceStore(log, clock);
    stop = new AbortController();
    following = other.follow(stop.signal);
  });
  afterEach(async () => {
    stop.abort();
    await following;
  });

  it('see what the other publishes', async () => {
    await store.publish(newLimit(15, '2026-07-01'), by);
    await until(() => limitOn(other, '2026-07-01') === 15);
    await other.publish(newLimit(20, '2026-08-01'), by);
    await store.refresh();
    expect(limitOn(store, '2026-08-01')).toBe(20);
    expect(store.state).toEqual(other.state);
  });
});

/** Lets the event loop turn until it is so; the test's own time limit ends it otherwise. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await log.head();
}
