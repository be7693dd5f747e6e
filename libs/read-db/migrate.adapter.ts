import { type Migration, Migrator, Kysely, PostgresDialect } from 'kysely';
import type { Pool } from 'pg';

/**
 * Brings the database's tables up to date: each named migration once, in the order of their names, under a lock.
 * A database that knows a migration that this version does not is refused: it belongs to a newer version.
 */
export async function migrate(pool: Pool, migrations: Record<string, Migration>): Promise<void> {
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  const { error } = await new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(migrations) },
    migrationTableName: 'motcua_migrations',
    migrationLockTableName: 'motcua_migrations_lock',
  }).migrateToLatest();
  if (error instanceof Error) throw error;
  if (error) throw new Error('migration failed');
}
