import type { PoolClient } from 'pg';
import { idOf, type RecordedEvent } from '#libs/event-log/event-log.js';
import { ident } from '#libs/projection/checkpoints.js';
import type { Projection } from '#libs/projection/projection.js';
import { REMINDER_CATEGORY, type ReminderEvent } from '#libs/reminders/reminder.events.js';
import { INBOX_CATEGORY, type InboxEvent } from './inbox.events.js';

type Raised = Extract<ReminderEvent, { type: 'ReminderRaised' }>;

/** A row for each account and reminder that is in its inbox, read or not. */
export const inboxProjection: Projection = {
  name: 'inbox',
  categories: [REMINDER_CATEGORY, INBOX_CATEGORY],
  version: 1,
  tables: [{ name: 'items', key: ['account', 'code', 'reminder'] }],

  async create(db, schema) {
    await db.query(
      `CREATE TABLE ${ident(schema)}.items (
         account text NOT NULL, code text NOT NULL, reminder text NOT NULL, about text NOT NULL,
         due_at timestamptz NOT NULL, raised_at timestamptz NOT NULL, position bigint NOT NULL,
         read_at timestamptz, PRIMARY KEY (account, code, reminder))`,
    );
  },

  async apply(db, schema, events) {
    let raised: Raised[] = [];
    for (const event of events as readonly (ReminderEvent | InboxEvent)[]) {
      if (event.type === 'ReminderRaised') raised.push(event);
      if (event.type !== 'InboxRead') continue;
      await insert(db, schema, raised);
      raised = [];
      await markRead(db, schema, event);
    }
    await insert(db, schema, raised);
  },

  async finish(db, schema) {
    const table = `${ident(schema)}.items`;
    await db.query(
      `CREATE INDEX ON ${table} (account, position);
       CREATE INDEX ON ${table} (account, position) WHERE read_at IS NULL`,
    );
  },
};

/** The same reminder is raised once: should it come again, it stays where it is. */
async function insert(db: PoolClient, schema: string, events: readonly Raised[]): Promise<void> {
  const rows = events.flatMap(({ data, recordedAt, position }) =>
    data.accounts.map((account) => ({
      ...{ account, code: data.code, reminder: data.reminder, about: data.about },
      ...{ due_at: data.dueAt, raised_at: recordedAt, position: String(position) },
    })),
  );
  if (rows.length === 0) return;
  await db.query(
    `INSERT INTO ${ident(schema)}.items
     SELECT * FROM json_to_recordset($1::json) AS t(account text, code text, reminder text, about text,
       due_at timestamptz, raised_at timestamptz, position bigint)
     ON CONFLICT DO NOTHING`,
    [JSON.stringify(rows)],
  );
}

async function markRead(
  db: PoolClient,
  schema: string,
  { stream, data, recordedAt }: InboxEvent & RecordedEvent,
): Promise<void> {
  const table = `${ident(schema)}.items`;
  await db.query(
    `UPDATE ${table} SET read_at = $4 WHERE account = $1 AND read_at IS NULL AND ${
      data.before
        ? `position <= (SELECT position FROM ${table} WHERE account = $1 AND code = $2 AND reminder = $3)`
        : 'code = $2 AND reminder = $3'
    }`,
    [idOf(stream), data.code, data.reminder, recordedAt],
  );
}
