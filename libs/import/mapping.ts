import { Problem } from '#libs/problem/problem.js';
import { CHANNELS } from '#libs/dossier/dossier.events.js';
import type { Json, JsonObject } from '#libs/event-log/json.js';
import { INSTANT_FORMATS, type InstantFormat, isZone } from './instants.js';

/** Where a value comes from: a column of the log, or the mapping itself. */
export type Source = { readonly column: string } | { readonly constant: string };

const REQUIRED = ['code', 'activity', 'instant', 'channel', 'unit', 'procedure'] as const;
const OPTIONAL = ['eventId', 'case', 'official', 'performer', 'acceptance', 'due', 'end'] as const;
export type Field = (typeof REQUIRED)[number] | (typeof OPTIONAL)[number];
const FIELDS: readonly Field[] = [...REQUIRED, ...OPTIONAL];

const REFERENCE_KINDS = ['calendars', 'policies', 'units', 'procedures'] as const;

/** How a log of another system is read. */
export interface Mapping {
  readonly name: string;
  /** IANA zone of instants written without an offset. */
  readonly zone: string;
  readonly instants: readonly InstantFormat[];
  /** Of CSV. */
  readonly delimiter: string;
  /**
   * Without `acceptance` the first row's instant is taken for it; without `end` every dossier is open; without `due`
   * the calendar computes it. `eventId` tells two rows apart that are otherwise the same.
   */
  readonly columns: Readonly<Partial<Record<Field, Source>>>;
  /** Translations by field; `*` stands for every other value. A channel must be translated, others may. */
  readonly values: Readonly<Partial<Record<Field, ReadonlyMap<string, string>>>>;
  /** What to publish before the import: versions without their number, by kind. */
  readonly reference: Readonly<Partial<Record<(typeof REFERENCE_KINDS)[number], readonly JsonObject[]>>>;
}

/**
 * Reads a mapping file.
 * @throws Problem `import-mapping` with the key that is wrong and what is expected there
 */
export function parseMapping(text: string): Mapping {
  let json: Json;
  try {
    json = JSON.parse(text) as Json;
  } catch (error) {
    throw wrong('', `JSON (${(error as Error).message})`);
  }
  const root = object(json, '');
  known(root, ['name', 'zone', 'instants', 'delimiter', 'columns', 'values', 'reference'], '');
  const zone = string(root['zone'], 'zone');
  if (!isZone(zone)) throw wrong('zone', 'an IANA time zone such as Asia/Ho_Chi_Minh');
  return {
    name: string(root['name'], 'name'),
    zone,
    instants: formats(root['instants'] ?? ['iso']),
    delimiter: delimiter(root['delimiter'] ?? ','),
    columns: columns(object(root['columns'], 'columns')),
    values: values(object(root['values'] ?? {}, 'values')),
    reference: reference(object(root['reference'] ?? {}, 'reference')),
  };
}

/** Names of the columns that a log must have. */
export function requiredColumns(mapping: Mapping): string[] {
  return Object.values(mapping.columns).flatMap((source) => ('column' in source ? [source.column] : []));
}

function columns(given: JsonObject): Mapping['columns'] {
  known(given, FIELDS, 'columns');
  for (const field of REQUIRED) {
    if (!(field in given)) throw wrong(`columns.${field}`, '{"column": "…"} or {"constant": "…"}');
  }
  return Object.fromEntries(
    Object.entries(given).map(([field, value]): [string, Source] => {
      const at = `columns.${field}`;
      const source = object(value, at);
      known(source, ['column', 'constant'], at);
      if ('column' in source === 'constant' in source) throw wrong(at, 'either "column" or "constant"');
      return 'column' in source
        ? [field, { column: string(source['column'], `${at}.column`) }]
        : [field, { constant: string(source['constant'], `${at}.constant`) }];
    }),
  );
}

function values(given: JsonObject): Mapping['values'] {
  known(given, FIELDS, 'values');
  return Object.fromEntries(
    Object.entries(given).map(([field, table]) => {
      const at = `values.${field}`;
      const pairs = Object.entries(object(table, at)).map(([from, to]): [string, string] => {
        const value = string(to, `${at}.${from}`);
        if (field === 'channel' && !CHANNELS.some((channel) => channel === value)) {
          throw wrong(`${at}.${from}`, `one of ${CHANNELS.join(', ')}`);
        }
        return [from.normalize('NFC'), value];
      });
      return [field, new Map(pairs)];
    }),
  );
}

function reference(given: JsonObject): Mapping['reference'] {
  known(given, REFERENCE_KINDS, 'reference');
  return Object.fromEntries(
    Object.entries(given).map(([kind, list]) => {
      if (!Array.isArray(list)) throw wrong(`reference.${kind}`, 'a list');
      return [kind, list.map((entry, index) => object(entry, `reference.${kind}[${index}]`))];
    }),
  );
}

function formats(given: Json): InstantFormat[] {
  const list = Array.isArray(given) ? given : [given];
  const wanted = INSTANT_FORMATS.filter((format) => list.includes(format));
  if (wanted.length === 0 || wanted.length !== list.length) {
    throw wrong('instants', `a list of ${INSTANT_FORMATS.join(', ')}`);
  }
  return wanted;
}

function delimiter(given: Json): string {
  const text = string(given, 'delimiter');
  if (text.length !== 1 || /["\r\n]/.test(text)) throw wrong('delimiter', 'one character');
  return text;
}

function known(given: JsonObject, keys: readonly string[], at: string): void {
  const stranger = Object.keys(given).find((key) => !keys.includes(key));
  if (stranger !== undefined)
    throw wrong(at ? `${at}.${stranger}` : stranger, `no such key; known: ${keys.join(', ')}`);
}

function object(value: Json | undefined, at: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(at, 'an object');
  return value;
}

function string(value: Json | undefined, at: string): string {
  if (typeof value !== 'string' || value === '') throw wrong(at, 'a text');
  return value;
}

function wrong(key: string, expected: string): Problem {
  return new Problem('import-mapping', { key: key || '(the file)', expected });
}
