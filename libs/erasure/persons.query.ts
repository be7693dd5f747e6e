import type { Pool } from 'pg';
import { demandEngine, readingFrom } from '#libs/projection/demand-engine.js';
import type { OpenProposal } from './person.js';

/** A person with the codes of every dossier that holds data of his. */
export interface PersonDossiers {
  readonly subject: string;
  readonly codes: readonly string[];
}

/** Where read models are, and of which log's engine they must be. */
export interface ReadModels {
  readonly pool: Pool;
  readonly engine: string;
}

const PARTIES = `worklist.dossiers d CROSS JOIN LATERAL unnest(d.subjects) AS held(subject)`;

/** Codes of the dossiers that hold data of this person. */
export async function dossiersOf(models: ReadModels, subject: string): Promise<string[]> {
  await demandEngines(models);
  const { rows } = await readingFrom('worklist', () =>
    models.pool.query<{ code: string }>(
      `SELECT code FROM worklist.dossiers WHERE subjects @> ARRAY[$1::text] ORDER BY code`,
      [subject],
    ),
  );
  return rows.map(({ code }) => code);
}

/** A period of retention by procedure; procedures without one are left out. */
export interface Retention {
  readonly procedure: string;
  readonly months: number;
}

/** Zones differ by a day at most: candidates are looked at exactly afterwards. */
const SLACK = `interval '2 days'`;

/**
 * Persons whose dossiers have all ended so long ago that they may be due for erasure; legal holds are not looked at.
 * Reads every dossier.
 */
export async function mayBeDue(
  models: ReadModels,
  {
    retentions,
    now,
    after,
    limit,
  }: { retentions: readonly Retention[]; now: string; after: string; limit: number },
): Promise<PersonDossiers[]> {
  await demandEngines(models);
  const { rows } = await readingFrom('erasures', () =>
    models.pool.query<PersonDossiers>(
      `SELECT held.subject, array_agg(d.code ORDER BY d.code) AS codes
       FROM ${PARTIES}
       LEFT JOIN unnest($1::text[], $2::int[]) AS r(procedure, months) ON r.procedure = d.procedure
      WHERE held.subject > $3
        AND NOT EXISTS (SELECT FROM erasures.persons e WHERE e.subject = held.subject AND e.erased)
      GROUP BY held.subject
     HAVING bool_and((d.clock = 'ended' OR d.reversed) AND r.months IS NOT NULL
              AND coalesce(d.ended_at, d.accepted_at, d.registered_at)
                  + make_interval(months => r.months) - ${SLACK} <= $4::timestamptz)
      ORDER BY held.subject
      LIMIT $5`,
      [retentions.map((r) => r.procedure), retentions.map((r) => r.months), after, now, limit],
    ),
  );
  return rows;
}

/** Erasures that wait for a second person, in the order of subjects. */
export async function openErasures(models: ReadModels): Promise<(OpenProposal & { subject: string })[]> {
  await demandEngines(models);
  const { rows } = await readingFrom('erasures', () =>
    models.pool.query<{ subject: string; open: OpenProposal }>(
      `SELECT subject, state -> 'open' AS open FROM erasures.persons WHERE open ORDER BY subject LIMIT 1000`,
    ),
  );
  return rows.map(({ subject, open }) => ({ subject, ...open }));
}

async function demandEngines({ pool, engine }: ReadModels): Promise<void> {
  const { rows } = await readingFrom('erasures', () =>
    pool.query<{ name: string; engine: string }>(
      `SELECT name, engine FROM projection.checkpoints WHERE name IN ('worklist', 'erasures')`,
    ),
  );
  for (const checkpoint of rows) demandEngine(checkpoint, engine);
}
