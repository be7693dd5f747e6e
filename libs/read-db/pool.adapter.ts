import { randomUUID } from 'node:crypto';
import pg from 'pg';

type ParserOf = (oid: number, format?: 'text' | 'binary') => (value: string) => unknown;

const parserOfPg: ParserOf = pg.types.getTypeParser;
const INT8: number = pg.types.builtins.INT8;
const DATE: number = pg.types.builtins.DATE;
const TIMESTAMPTZ: number = pg.types.builtins.TIMESTAMPTZ;

/**
 * How values come out of the database, for every pool of the product:
 * - `timestamptz` (1184): ISO 8601 text in UTC with milliseconds, `2024-01-31T02:30:00.000Z`, as the log writes
 *   instants; digits below the millisecond are cut. `infinity` and `-infinity` stay as they are.
 * - `int8` (20), thus also `count(*)`: bigint.
 * - `date` (1082): `2024-01-31`; pg's own Date at midnight of this machine's zone is a day off in others.
 * - all else as pg gives it, thus `numeric` as text, `int4` and `float8` as numbers, `jsonb` parsed.
 * Arrays of these types are not covered: take `to_json` or separate rows.
 */
export const databaseTypes: pg.CustomTypesConfig = { getTypeParser: parserOf };

function parserOf(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  if (format !== 'binary' && oid === INT8) return BigInt;
  if (format !== 'binary' && oid === DATE) return String;
  if (format !== 'binary' && oid === TIMESTAMPTZ) return isoInstant;
  return parserOfPg(oid, format);
}

function isoInstant(text: string): string {
  const parsed = parserOfPg(TIMESTAMPTZ)(text);
  // Infinity comes as a number.
  return parsed instanceof Date ? parsed.toISOString() : text;
}

/**
 * A pool on this database with {@link databaseTypes}. The loss of an idle connection is told to `log` and mended by
 * the next query, which opens a new one; it never ends the process. Its connections share an `application_name` that
 * no other pool has, so that others can see in the database whether its process is still there.
 */
export function createPool(url: string, log: (line: string) => void = () => undefined, max = 20): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    types: databaseTypes,
    application_name: `motcua ${randomUUID()}`,
    max,
    connectionTimeoutMillis: 10_000,
  });
  pool.on('error', (error) => log(`database connection lost: ${error.message}`));
  return pool;
}
