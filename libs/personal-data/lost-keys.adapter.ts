import type { Pool } from 'pg';
import type { EventLog } from '#libs/event-log/event-log.js';
import { Problem } from '#libs/problem/problem.js';
import { inTransaction, withClient } from '#libs/projection/transaction.js';
import { erasedInLog } from './erased-in-log.js';
import { aloneWithKeys } from './key-secret.adapter.js';
import { isSubject } from './subjects.js';

type Readable = Pick<EventLog, 'readAll'>;

const TOGETHER = 1_000;

/**
 * For whoever is about to seal: on a log that came back without its keys, new keys would be made for the same subjects,
 * and what is sealed for them already would open under neither. The log is read only while the store has no key, and
 * no further than to the first sealed parts of somebody whom the store does not know.
 * @throws Problem `keys-lost`
 */
export async function requireKeys(pool: Pool, log: Readable): Promise<void> {
  const live = await pool.query('SELECT FROM personal_data.keys WHERE key IS NOT NULL LIMIT 1');
  if (live.rows.length > 0) return;
  for await (const subjects of sealedSubjects(log)) {
    const { rows } = await pool.query(UNKNOWN, [subjects]);
    if (rows.length > 0) throw new Problem('keys-lost');
  }
}

interface GiveUp {
  readonly pool: Pool;
  readonly log: Readable;
  /** Otherwise nothing is changed. */
  readonly confirmed: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Whoever has sealed parts in the log and no key is marked as the erased are: nothing brings a key for these parts any
 * more, and what is sealed for the same person later comes under a further one. All or nothing.
 * @returns how many persons
 * @throws Problem `keys-give-up-unconfirmed` with their count, `keys-busy`
 */
export function giveUpLostKeys({ pool, log, confirmed, signal }: GiveUp): Promise<number> {
  return aloneWithKeys(pool, () =>
    withClient(pool, (client) =>
      inTransaction(client, async () => {
        let count = 0;
        for await (const subjects of sealedSubjects(log)) {
          signal?.throwIfAborted();
          count += (await client.query(GIVE_UP, [subjects])).rowCount ?? 0;
        }
        if (count > 0 && !confirmed) throw new Problem('keys-give-up-unconfirmed', { count });
        return count;
      }),
    ),
  );
}

/** How many persons have no key any more though the log does not say that they are erased. */
export async function countGivenUp(pool: Pool, log: Readable): Promise<number> {
  const { rows } = await pool.query<{ count: bigint }>(COUNT_GIVEN_UP, [[...(await erasedInLog(log))]]);
  return Number(rows[0]?.count ?? 0);
}

/** Subjects of sealed parts, so many at a time; one may come again later. */
async function* sealedSubjects(log: Readable): AsyncGenerator<string[]> {
  let subjects = new Set<string>();
  for await (const { personal } of log.readAll()) {
    if (!personal || !('sealed' in personal)) continue;
    for (const { subject } of personal.sealed) if (isSubject(subject)) subjects.add(subject);
    if (subjects.size < TOGETHER) continue;
    yield [...subjects];
    subjects = new Set();
  }
  if (subjects.size > 0) yield [...subjects];
}

const UNKNOWN = `
SELECT FROM unnest($1::uuid[]) AS given(subject)
 WHERE NOT EXISTS (SELECT FROM personal_data.keys WHERE keys.subject = given.subject) LIMIT 1`;

const GIVE_UP = `
INSERT INTO personal_data.keys (subject, erased_at)
SELECT subject, clock_timestamp() FROM unnest($1::uuid[]) AS given(subject) ON CONFLICT DO NOTHING`;

const COUNT_GIVEN_UP = `
SELECT count(*) AS count FROM personal_data.keys
 WHERE key IS NULL AND NOT EXISTS (SELECT FROM unnest($1::uuid[]) AS erased(subject) WHERE erased.subject = keys.subject)`;
