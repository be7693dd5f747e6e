import type { Pool } from 'pg';
import { permittedUnits } from '#libs/access/policy.js';
import type { Principal } from '#libs/access/principal.js';
import type { Status } from '#libs/dossier/dossier.js';
import { demandEngine, readingFrom } from '#libs/projection/demand-engine.js';

/** An open dossier with a due instant, and nothing of any person. */
export interface DueDossier {
  readonly code: string;
  readonly unit: string;
  readonly procedure: string;
  readonly state: Status;
  /** ISO 8601 in UTC. */
  readonly dueAt: string;
  /** The legal clock stands still: `dueAt` will be reckoned anew. */
  readonly paused: boolean;
  readonly late: boolean;
  readonly revision: bigint;
}

const DAYS_AHEAD = 90;
const MOST = 500;
const DAY_MS = 86_400_000;

/**
 * What is late and what falls due within 90 days: of the dossiers in an account's charge, as far as it may list them,
 * and of the units that it supervises. At most 500, those nearest to now, by due instant.
 * @param whose undefined: nobody's, by the same work
 * @throws Problem `read-model-behind`
 */
export async function dueDossiers(
  { pool, engine }: { readonly pool: Pool; readonly engine: string },
  whose: Pick<Principal, 'id' | 'grants'> | undefined,
  now: string,
): Promise<DueDossier[]> {
  const { id, grants } = whose ?? { id: '', grants: [] };
  const listed = permittedUnits({ grants }, 'list-dossiers', now);
  const supervisor = grants.filter(({ role }) => role === 'supervisor');
  const supervised = permittedUnits({ grants: supervisor }, 'list-dossiers', now);
  const until = new Date(Date.parse(now) + DAYS_AHEAD * DAY_MS).toISOString();
  const { rows } = await readingFrom('worklist', () =>
    pool.query<{ engine: string } & (DueDossier | { code: null })>(
      `SELECT c.engine, d.* FROM (SELECT engine FROM projection.checkpoints WHERE name = 'worklist') c
       LEFT JOIN LATERAL (
         SELECT code, unit, procedure, state, due_at AS "dueAt", clock = 'paused' AS paused, revision,
                due_at < CASE clock WHEN 'paused' THEN least(paused_at, $4) ELSE $4 END AS late
           FROM worklist.dossiers
          WHERE NOT reversed AND clock <> 'ended' AND coalesce(due_at, 'infinity') < $5
            AND (($3::text[] IS NULL OR unit = ANY($3))
              OR (official = $1 AND ($2::text[] IS NULL OR desk = ANY($2) OR unit = ANY($2))))
          ORDER BY abs(extract(epoch FROM due_at - $4::timestamptz)), code LIMIT ${MOST}
       ) d ON true ORDER BY d."dueAt", d.code`,
      [id, listed === 'all' ? null : listed, supervised === 'all' ? null : supervised, now, until],
    ),
  );
  const [first] = rows;
  if (first) demandEngine({ name: 'worklist', engine: first.engine }, engine);
  return rows.filter((row): row is DueDossier & { engine: string } => row.code !== null);
}
