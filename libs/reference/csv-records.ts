import { CsvError, parse } from 'csv-parse/sync';
import { Problem } from '#libs/problem/problem.js';

/** A line of a table: trimmed fields by column; an empty field is left out. */
export interface CsvRecord {
  readonly line: number;
  readonly fields: ReadonlyMap<string, string>;
}

/**
 * Reads CSV (RFC 4180, UTF-8) with a header line; lines without any field are passed over.
 * @throws Problem `reference-file-unreadable` with file, line and column: bad CSV, a missing or unknown column, a line
 * with too few or too many fields
 */
export function csvRecords(
  text: string,
  file: string,
  required: readonly string[],
  optional: readonly string[] = [],
): CsvRecord[] {
  const [header, ...rows] = lines(text, file);
  const columns = header?.values ?? [];
  const missing = required.find((name) => !columns.includes(name));
  if (missing !== undefined) throw unreadable(file, 1, missing, 'the column is missing');
  const unknown = columns.find((name) => ![...required, ...optional].includes(name));
  if (unknown !== undefined) throw unreadable(file, 1, unknown, 'the column is unknown');
  return rows.map(({ line, values }) => {
    if (values.length !== columns.length) {
      throw unreadable(file, line, '–', `${values.length} fields instead of ${columns.length}`);
    }
    const fields = columns.map((name, index): [string, string] => [name, values[index] ?? '']);
    return { line, fields: new Map(fields.filter(([, value]) => value !== '')) };
  });
}

/** Lines are numbered from 1, as editors show them; a quoted field over several lines counts by its last. */
function lines(text: string, file: string): { line: number; values: string[] }[] {
  try {
    const read = parse(text, {
      bom: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    });
    return (read as unknown as { info: { lines: number }; record: string[] }[]).map(({ info, record }) => ({
      line: info.lines,
      values: record,
    }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw unreadable(file, Number(error['lines'] ?? 0), '–', error.message);
  }
}

/** What a file has wrong, where. */
export function unreadable(
  file: string,
  line: number | '–',
  column: string | number,
  reason: string,
): Problem {
  return new Problem('reference-file-unreadable', { file, line, column, reason });
}
