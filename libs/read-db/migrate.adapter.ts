import { type Migration, Migrator, Kysely, PostgresDialect } from 'kysely';
import type { Pool } from 'pg';

/**
 * Brings the database's tables up to date: each named migration once, in the order of their names, under a lock.
 * A database that knows a migration that this version does not is refused: it belongs to a newer version.
 */
export async function migrate(pool: Pool, migrations: Record<string, Migration>): Promise<void> {
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(migrations) },
    migrationTableName: 'motcua_migrations',
    migrationLockTableName: 'motcua_migrations_lock',
  });
  let { error } = await migrator.migrateToLatest();
  for (let again = 0; isOfASwap(error) && again < MOST_AGAIN; again += 1) {
    ({ error } = await migrator.migrateToLatest());
  }
  if (error instanceof Error) throw error;
  if (error) throw new Error('migration failed');
}

const MOST_AGAIN = 20;

/**
 * The library looks at all tables of the database first, and stumbles over a schema that another process takes away at
 * that moment, where a projection that was made anew takes the place of the old one.
 */
const isOfASwap = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === '3F000';
