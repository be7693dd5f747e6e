import { type Kysely, type Migration, sql } from 'kysely';

export const reminderMigrations: Record<string, Migration> = {
  '2027-01-reminder-wakes': {
    async up(db: Kysely<unknown>): Promise<void> {
      await sql.raw('CREATE SCHEMA reminder_queue').execute(db);
      // When each dossier is looked at next, as far as it was put into the queue. It may be lost: `replan` makes it anew.
      await sql
        .raw('CREATE TABLE reminder_queue.wakes (code text PRIMARY KEY, at timestamptz NOT NULL)')
        .execute(db);
    },
  },
};
