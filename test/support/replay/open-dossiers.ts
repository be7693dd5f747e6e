import { join } from 'node:path';
import { MIGRATIONS, type Platform, platformOn } from '#apps/platform/open-platform.js';
import { projectRoot } from '#apps/platform/project-root.js';
import { dossierStream } from '#libs/import/write-dossiers.js';
import { expectedHash, FIRST_HASH } from '#libs/event-log/hash.js';
import { migrate } from '#libs/read-db/migrate.adapter.js';
import { loadDirectory } from '#libs/reference/load-config.adapter.js';
import { publishAll } from '#libs/reference/publish-all.js';
import { ReferenceStore } from '#libs/reference/reference-store.js';
import { createTestDatabase } from '../database.js';
import { accepted } from '../dossier-events.js';
import type { TestClock } from '../service.js';
import { testVault } from '../vault.js';

export interface OpenDossier {
  readonly code: string;
  /** The log knew of it at once. */
  readonly acceptedAt: string;
  readonly dueAt: string;
}

export interface OpenDossiers {
  readonly platform: Platform;
  readonly reference: ReferenceStore;
  readonly databaseUrl: string;
}

export const PUBLISHER = { actor: 'tester', correlationId: 'setup', causationId: 'setup' };
const AT_ONCE = 1_000;

/** The demonstration desk with these dossiers, of which nothing has been said yet, and nobody at work. */
export async function openDossiers(
  clock: TestClock,
  dossiers: readonly OpenDossier[],
): Promise<OpenDossiers> {
  const { pool, url, drop } = await createTestDatabase();
  await migrate(pool, MIGRATIONS);
  const platform = platformOn(pool, clock, await testVault(pool), drop);
  const reference = new ReferenceStore(platform.log, clock);
  await publishAll(reference, await loadDirectory(join(projectRoot, 'config/demo')), PUBLISHER);
  const events = dossiers.map(({ code, acceptedAt: at, dueAt }) => {
    const event = { ...accepted(code, { dueAt, official: null }), occurredAt: at, recordedAt: at };
    const placed = { ...event, stream: dossierStream(code), revision: 0n, position: 0n };
    const recorded = { ...placed, previousHash: FIRST_HASH, hash: '' };
    return { ...recorded, hash: expectedHash(recorded) };
  });
  for (let from = 0; from < events.length; from += AT_ONCE) {
    await platform.rawLog.restore(events.slice(from, from + AT_ONCE));
  }
  return { platform, reference, databaseUrl: url };
}

/** Takes away all that the job engine keeps in PostgreSQL, but for its tables. */
export async function emptyJobTables({ pool }: Pick<Platform, 'pool'>): Promise<void> {
  const { rows } = await pool.query<{ tables: string }>(
    `SELECT string_agg(format('%I.%I', schemaname, tablename), ', ') AS tables FROM pg_tables
     WHERE schemaname = 'bullmq' AND tablename NOT LIKE '%migration%'`,
  );
  await pool.query(`TRUNCATE ${rows[0]?.tables ?? ''}`);
}
