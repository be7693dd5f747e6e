import type { Pool } from 'pg';
import type { EventLog } from '#libs/event-log/event-log.js';
import { Problem } from '#libs/problem/problem.js';
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
