import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SYNTHETIC } from '#apps/demo/half-year.js';
import { loadDemoOnce } from '#apps/demo/load-demo.js';
import { openPlatform, type Platform } from '#apps/platform/open-platform.js';
import { isoNow } from '#libs/event-log/clock.js';
import { streamName } from '#libs/event-log/event-log.js';
import { ReferenceStore } from '#libs/reference/reference-store.js';
import { TEST_MASTER_KEY } from '../support/vault.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const PROCESSES = 6;

describe('many processes that start at once on an empty database', () => {
  let database: TestDatabase;
  let platforms: Platform[];

  beforeEach(async () => {
    database = await createTestDatabase();
    const open = () =>
      openPlatform({ dataFolder: '/nowhere', databaseUrl: database.url, masterKey: TEST_MASTER_KEY });
    platforms = await Promise.all(Array.from({ length: PROCESSES }, open));
  });
  afterEach(async () => {
    await Promise.all(platforms.map((platform) => platform.close()));
    await database.drop();
  });

  const load = async (platform: Platform): Promise<[number | undefined, ReferenceStore]> => {
    const reference = new ReferenceStore(platform.log, platform.clock);
    return [await loadDemoOnce(platform, reference, new AbortController().signal), reference];
  };

  it('make its tables once', async () => {
    const { rows } = await database.pool.query<{ name: string }>('SELECT name FROM motcua_migrations');
    expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
    expect(rows.length).toBeGreaterThan(0);
    expect(await platforms[0]?.log.head()).toBe(0n);
  });

  it('load the demonstration once, and all of them know its desk when they go on', async () => {
    const loaded = await Promise.all(platforms.map(load));
    expect(loaded.filter(([count]) => count === 130)).toHaveLength(1);
    expect(loaded.filter(([count]) => count === undefined)).toHaveLength(PROCESSES - 1);
    for (const [, { data }] of loaded) expect(data.unit('H54.12', '2024-01-01')).toBeDefined();
    const again = await load(platforms[0]!);
    expect(again[0]).toBeUndefined();
  });

  it('add the reminder policy once where an earlier release loaded the demonstration', async () => {
    const { log, clock } = platforms[0]!;
    const metadata = { actor: 'demo', correlationId: SYNTHETIC, causationId: SYNTHETIC };
    const loaded = { type: 'DemonstrationLoaded', schemaVersion: 1, data: { dossiers: 0 }, metadata };
    const id = '0b0c5a4e-1b6e-5f0f-8f43-6d6f74637561';
    await log.append(streamName('demo', SYNTHETIC), 'no_stream', [
      { ...loaded, id, occurredAt: isoNow(clock) },
    ]);
    for (const [count, { data }] of await Promise.all(platforms.map(load))) {
      expect(count).toBeUndefined();
      expect(data.reminders('H54.12', '2024-01-01')).toMatchObject({ id: 'vn-default', version: 1 });
    }
    expect(await log.head()).toBe(2n);
  });

  it('load it where the process that had begun is gone', async () => {
    const [first, ...others] = platforms as [Platform, ...Platform[]];
    const gone = new AbortController();
    const log = Object.create(first.log) as Platform['log'];
    log.append = async (...append) => {
      gone.abort();
      return first.log.append(...append);
    };
    const reference = new ReferenceStore(first.log, first.clock);
    const broken = loadDemoOnce({ ...first, log }, reference, gone.signal);
    await expect(broken).rejects.toThrow();
    const loaded = await Promise.all(others.map(load));
    expect(loaded.filter(([count]) => count === 130)).toHaveLength(1);
  });
});
