import type { PoolClient } from 'pg';
import type { Units } from '#libs/access/principal.js';
import { Problem } from '#libs/problem/problem.js';
import type { ReferenceData } from '#libs/reference/reference.events.js';
import { GROUPED, groupedBy, utc } from './groups.query.js';
import { horizons } from './horizon.js';
import type { Group, Outlook, OutlookQuery } from './outlook.js';
import { inSnapshot, type ReadModels } from './snapshot.query.js';

/**
 * What falls due, is late, stands still and is forecast to be late, of dossiers that one of these units took in or has.
 * @throws Problem `read-model-behind` while one of the read models is being made; `unit-unknown` for a unit that was
 * never published, and that has no dossier
 */
export function outlook(
  models: ReadModels,
  reference: ReferenceData,
  units: Units,
  query: OutlookQuery,
): Promise<Outlook> {
  const ahead = horizons(reference, query.now, query.days);
  return inSnapshot(models, async (db, position) => {
    if (query.unit !== undefined) await demandKnown(query.unit, units, reference, db);
    const { rows } = await db.query<Omit<Group, 'list'>>(
      `${GROUPED} SELECT kind, part, unit, official, count(*)::int AS count, ${utc('min(at)')} AS first FROM grouped
        GROUP BY kind, part, unit, official ORDER BY kind, part, unit, official NULLS FIRST`,
      groupedBy(ahead, units, query),
    );
    const groups = rows.map((group) => ({ ...group, list: listOf(group, query) }));
    return { asOf: query.now, position, groups };
  });
}

/** Who asks for a unit of his own does not err. Dossiers may lie with one that was not published. */
async function demandKnown(
  unit: string,
  units: Units,
  reference: ReferenceData,
  db: PoolClient,
): Promise<void> {
  if (units !== 'all' || reference.all().units.some(({ code }) => code === unit)) return;
  const { rowCount } = await db.query('SELECT FROM worklist.dossiers WHERE unit = $1 LIMIT 1', [unit]);
  if (rowCount === 0) throw new Problem('unit-unknown', { unit });
}

function listOf({ kind, part, unit, official }: Omit<Group, 'list'>, { now, days }: OutlookQuery): string {
  const narrowed = new URLSearchParams({
    ...{ kind, asOf: now, days: String(days), unit },
    ...(part === null ? {} : { part }),
    ...(official === null ? { assigned: 'no' } : { official }),
  });
  return `/api/outlook/dossiers?${narrowed.toString()}`;
}
