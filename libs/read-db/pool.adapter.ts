import pg from 'pg';

const { DATE, INT8, TIMESTAMPTZ } = pg.types.builtins;

/** Either a Date, or a number for the infinities. */
const parseTimestamp: (text: string) => unknown = pg.types.getTypeParser(TIMESTAMPTZ);

/**
 * How values come out of the database, for every pool of the product:
 * - `timestamptz` (1184): ISO 8601 text in UTC with milliseconds, `2024-01-31T02:30:00.000Z`, as the log writes
 *   instants; digits below the millisecond are cut. `infinity` and `-infinity` stay as they are.
 * - `int8` (20), thus also `count(*)`: bigint.
 * - `date` (1082): `2024-01-31`; pg's own Date at midnight of this machine's zone is a day off in others.
 * - all else as pg gives it, thus `numeric` as text, `int4` and `float8` as numbers, `jsonb` parsed.
 * Arrays of these types are not covered: take `to_json` or separate rows.
 */
export const databaseTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (format === 'binary') return pg.types.getTypeParser(oid, 'binary');
    if (oid === INT8) return BigInt;
    if (oid === DATE) return String;
    if (oid === TIMESTAMPTZ) return isoInstant;
    return pg.types.getTypeParser(oid, 'text');
  }) as pg.CustomTypesConfig['getTypeParser'],
};

function isoInstant(text: string): string {
  const parsed = parseTimestamp(text);
  return parsed instanceof Date ? parsed.toISOString() : text;
}

/**
 * A pool on this database with {@link databaseTypes}. The loss of an idle connection is told to `log` and mended by
 * the next query, which opens a new one; it never ends the process.
 */
export function createPool(url: string, log: (line: string) => void = () => undefined, max = 20): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    types: databaseTypes,
    max,
    connectionTimeoutMillis: 10_000,
  });
  pool.on('error', (error) => log(`database connection lost: ${error.message}`));
  return pool;
}
