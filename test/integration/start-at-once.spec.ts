import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadDemoOnce } from '#apps/demo/load-demo.js';
import { openPlatform, type Platform } from '#apps/platform/open-platform.js';
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
