import type { Limit } from '#libs/calendar/calendar.js';
import type { Problem } from '#libs/problem/problem.js';
import { type CsvRecord, csvRecords, unreadable } from '#libs/reference/csv-records.js';
import type { ContentOf } from '#libs/reference/publish.js';
import type { ProcedureLimit } from '#libs/reference/reference.events.js';

/** One line of a catalogue. */
export interface ProcedureRow {
  readonly line: number;
  readonly content: ContentOf<'procedure'>;
}

const REQUIRED = ['code', 'name', 'field', 'level', 'limit', 'unit', 'source', 'valid_from'] as const;
const OPTIONAL = [
  'name_en',
  'cases',
  'papers',
  'fee',
  'validity',
  'note',
  'retention_months',
  'valid_to',
] as const;
type Column = (typeof REQUIRED)[number] | (typeof OPTIONAL)[number];

/**
 * Reads a catalogue: CSV (RFC 4180, UTF-8) with a header line. `limit` and `unit` are the default limit; `cases` has
 * limits by case, as `default=10 working_day;cases 2,3=5 working_day`; `papers` are separated by `;`; `fee` is
 * `amount CURRENCY`; `retention_months` may be left out. Whether the values make sense is for the decision to publish; here they must only be readable.
 * @throws Problem `reference-file-unreadable` with file, line and column
 */
export function parseProcedures(text: string, file: string): ProcedureRow[] {
  return csvRecords(text, file, REQUIRED, OPTIONAL).map((record) => ({
    line: record.line,
    content: procedureOf(new Row(file, record)),
  }));
}

function procedureOf(row: Row): ContentOf<'procedure'> {
  return {
    code: row.required('code'),
    name: { vi: row.required('name'), en: row.optional('name_en') },
    field: row.required('field'),
    level: row.required('level'),
    limits: limitsOf(row),
    papers: row.list('papers'),
    fee: feeOf(row),
    validity: row.optional('validity'),
    note: row.optional('note'),
    ...retentionOf(row),
    source: row.required('source'),
    validFrom: row.required('valid_from'),
    validTo: row.optional('valid_to'),
  };
}

/** The default limit, then the others; a default in `cases` must say what `limit` and `unit` say. */
function limitsOf(row: Row): ProcedureLimit[] {
  const [value, unit] = [row.optional('limit'), row.optional('unit')];
  const limits: ProcedureLimit[] =
    value === null && unit === null ? [] : [byDefault(limitOf(row, 'limit', `${value ?? ''} ${unit ?? ''}`))];
  for (const part of row.list('cases')) {
    const [, names, limitText] = /^(?:cases? )?([^=]+)=([^=]+)$/.exec(part) ?? [];
    if (names === undefined || limitText === undefined) {
      throw row.unreadable('cases', `"${part}" is not like "cases 2,3=5 working_day"`);
    }
    const limit = limitOf(row, 'cases', limitText.trim());
    for (const name of names.split(',').map((each) => each.trim())) {
      if (name !== 'default') limits.push({ case: name, limit });
      else if (limits[0]?.limit.value !== limit.value || limits[0].limit.unit !== limit.unit) {
        throw row.unreadable('cases', 'the default differs from the columns limit and unit');
      }
    }
  }
  return limits;
}

const byDefault = (limit: Limit): ProcedureLimit => ({ case: 'default', limit });

function limitOf(row: Row, column: Column, text: string): Limit {
  const [, value, unit] = /^(\d+) ([a-z_]+)$/.exec(text) ?? [];
  if (value === undefined || unit === undefined)
    throw row.unreadable(column, `"${text}" is not like "5 working_day"`);
  return { value: Number(value), unit: unit as Limit['unit'] };
}

function feeOf(row: Row): { amount: number; currency: string } | null {
  const text = row.optional('fee');
  if (text === null) return null;
  const [, amount, currency] = /^(\d+(?:\.\d+)?) ([A-Z]{3})$/.exec(text) ?? [];
  if (amount === undefined || currency === undefined)
    throw row.unreadable('fee', `"${text}" is not like "100000 VND"`);
  return { amount: Number(amount), currency };
}

function retentionOf(row: Row): { retentionMonths?: number } {
  const text = row.optional('retention_months');
  if (text === null) return {};
  if (!/^\d{1,9}$/.test(text)) throw row.unreadable('retention_months', `"${text}" is not like "120"`);
  return { retentionMonths: Number(text) };
}

/** The fields of a line, read with errors that say where. */
class Row {
  constructor(
    private readonly file: string,
    private readonly record: CsvRecord,
  ) {}

  optional(column: Column): string | null {
    return this.record.fields.get(column) ?? null;
  }

  required(column: Column): string {
    const value = this.optional(column);
    if (value === null) throw this.unreadable(column, 'the field is empty');
    return value;
  }

  list(column: Column): string[] {
    const parts = this.optional(column)?.split(';') ?? [];
    return parts.map((part) => part.trim()).filter((part) => part !== '');
  }

  unreadable(column: Column, reason: string): Problem {
    return unreadable(this.file, this.record.line, column, reason);
  }
}
