import { FACT_COLUMNS, LEVELS, MEASURES, pointsOf, TOTALS_KEY } from './tables.projection.js';

const columns = Object.keys(FACT_COLUMNS);
const list = (names: readonly string[], write: (name: string) => string, between = ', '): string =>
  names.map(write).join(between);

/** $1: the rows as a list in JSON (see `factRecord`). */
export function upsertFactsSql(schema: string): string {
  return `INSERT INTO ${schema}.facts (${columns.join(', ')})
    SELECT ${columns.join(', ')}
      FROM json_to_recordset($1::json) t (${list(columns, (c) => `${c} ${FACT_COLUMNS[c as keyof typeof FACT_COLUMNS]}`)})
    ON CONFLICT (code) DO UPDATE SET ${list(columns.slice(1), (c) => `${c} = excluded.${c}`)}`;
}

/**
 * One statement, so that every part sees the rows as they were: the points of the old facts are taken out of the
 * totals, those of the new ones added, and totals that nothing is left of are removed. $1 as in `upsertFactsSql`, $2: the
 * codes of the rows.
 */
export function applyLiveSql(schema: string): string {
  const sameKey = list(TOTALS_KEY, (k) => `t.${k} = n.${k}`, ' AND ');
  return `
    WITH changed AS (${upsertFactsSql(schema)} RETURNING *),
    moved AS (
      SELECT -1 AS sign, p.* FROM ${schema}.points p WHERE code = ANY($2::text[])
      UNION ALL
      SELECT 1 AS sign, p.* FROM (${pointsOf('changed')}) p
    ),
    net AS (
      SELECT level, zone, date_trunc(level, at, zone) AS start, unit, field, procedure,
             ${list(MEASURES, (m) => `sum(sign * ${m})::int AS ${m}`)}
        FROM moved, unnest(ARRAY[${list(LEVELS, (l) => `'${l}'`)}]) level
       GROUP BY 1, 2, 3, 4, 5, 6
      HAVING ${list(MEASURES, (m) => `sum(sign * ${m}) <> 0`, ' OR ')}
    ),
    emptied AS (
      DELETE FROM ${schema}.totals t USING net n
       WHERE ${sameKey} AND ${list(MEASURES, (m) => `t.${m} + n.${m} = 0`, ' AND ')}
      RETURNING t.*
    )
    INSERT INTO ${schema}.totals AS t
    SELECT * FROM net n WHERE NOT EXISTS (SELECT FROM emptied t WHERE ${sameKey})
    ON CONFLICT (${TOTALS_KEY.join(', ')}) DO UPDATE SET ${list(MEASURES, (m) => `${m} = t.${m} + excluded.${m}`)}`;
}
