import type { PoolClient } from 'pg';
import { ident } from './checkpoints.js';
import type { Projection } from './projection.js';

/** How a table made anew differs from the one it replaces. No values in it: they may be about persons. */
export interface TableDifference {
  readonly table: string;
  readonly onlyOld: number;
  readonly onlyNew: number;
  readonly changed: number;
  /** At most ten of the differing rows. */
  readonly samples: readonly RowDifference[];
}

export interface RowDifference {
  readonly kind: 'only_old' | 'only_new' | 'changed';
  readonly key: readonly string[];
  /** Columns that differ, for a changed row. */
  readonly columns: readonly string[];
}

/** Compares the tables of a projection in two schemas, row by row, in the columns that both have. */
export async function compareTables(
  client: PoolClient,
  projection: Projection,
  schemas: { old: string; new: string },
): Promise<TableDifference[]> {
  const differences: TableDifference[] = [];
  for (const { name, key } of projection.tables) {
    const columns = await commonColumns(client, name, [schemas.old, schemas.new]);
    differences.push(await compareTable(client, name, { key, columns }, schemas));
  }
  return differences;
}

async function compareTable(
  client: PoolClient,
  table: string,
  shape: { key: readonly string[]; columns: readonly string[] },
  schemas: { old: string; new: string },
): Promise<TableDifference> {
  const first = ident(shape.key[0] ?? '');
  const same = shape.key.map((name) => `o.${ident(name)} = n.${ident(name)}`).join(' AND ');
  const side = (alias: string): string =>
    `ROW(${shape.columns.map((name) => `${alias}.${ident(name)}`).join(', ')})`;
  const differing = `FROM ${ident(schemas.old)}.${ident(table)} o
    FULL JOIN ${ident(schemas.new)}.${ident(table)} n ON ${same}
    WHERE o.${first} IS NULL OR n.${first} IS NULL OR ${side('o')} IS DISTINCT FROM ${side('n')}`;
  const counts = await client.query<{ only_old: string; only_new: string; changed: string }>(
    `SELECT count(*) FILTER (WHERE n.${first} IS NULL) AS only_old,
            count(*) FILTER (WHERE o.${first} IS NULL) AS only_new,
            count(*) FILTER (WHERE o.${first} = n.${first}) AS changed ${differing}`,
  );
  const count = counts.rows[0];
  const found = {
    table,
    onlyOld: Number(count?.only_old),
    onlyNew: Number(count?.only_new),
    changed: Number(count?.changed),
  };
  if (found.onlyOld + found.onlyNew + found.changed === 0) return { ...found, samples: [] };
  const key = shape.key.map((name) => `coalesce(o.${ident(name)}, n.${ident(name)})::text`).join(', ');
  const columns = shape.columns
    .map((name) => `CASE WHEN o.${ident(name)} IS DISTINCT FROM n.${ident(name)} THEN '${name}' END`)
    .join(', ');
  const samples = await client.query<RowDifference>(
    `SELECT CASE WHEN n.${first} IS NULL THEN 'only_old' WHEN o.${first} IS NULL THEN 'only_new' ELSE 'changed' END AS kind,
            ARRAY[${key}] AS key,
            CASE WHEN o.${first} = n.${first} THEN array_remove(ARRAY[${columns}]::text[], NULL) ELSE '{}' END AS columns
       ${differing} LIMIT 10`,
  );
  return { ...found, samples: samples.rows };
}

async function commonColumns(
  client: PoolClient,
  table: string,
  schemas: readonly string[],
): Promise<string[]> {
  const found = await client.query<{ name: string }>(
    `SELECT a.attname::text AS name
       FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace s ON s.oid = c.relnamespace
      WHERE s.nspname = ANY($1) AND c.relname = $2 AND a.attnum > 0 AND NOT a.attisdropped
      GROUP BY a.attname HAVING count(*) = cardinality($1::text[]) ORDER BY min(a.attnum)`,
    [schemas, table],
  );
  return found.rows.map((row) => row.name);
}
