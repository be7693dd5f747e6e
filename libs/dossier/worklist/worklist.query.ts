import type { Pool } from 'pg';
import type { Units } from '#libs/access/principal.js';
import { demandEngine, readingFrom } from '#libs/projection/demand-engine.js';
import { openParts, type PersonalPart } from '#libs/personal-data/opening.js';
import { DAMAGED, ERASED, type Opened } from '#libs/personal-data/sealed.js';
import type { Vault } from '#libs/personal-data/vault.js';
import type { Status } from '../dossier.js';
import {
  DEFAULT_LIMIT,
  MAX_LIMIT,
  readCursor,
  writeCursor,
  type WorklistFilter,
  type WorklistItem,
  type WorklistPage,
} from './filter.js';
import type { Row } from './row.js';
import { searchQuery } from './search.js';
import { SearchTokens } from './search-tokens.js';
import { SEARCHED } from './tables.projection.js';

const OPEN_STATES: readonly Status[] = [
  'registered',
  'accepted',
  'processing',
  'supplement_requested',
  'financial_obligation',
];

/** The same expressions as in the indexes; dossiers without the instant come last. */
const SORT_KEYS = {
  due: `coalesce(due_at, 'infinity')`,
  accepted: `coalesce(accepted_at, 'infinity')`,
} as const;

/** Which parties were named, whether erased by now or not. */
const NAMED = `ARRAY[applicant_subject IS NOT NULL, submitter_subject IS NOT NULL]`;
const ITEM = `code, state, unit, official, procedure, field, channel, registered_at AS "registeredAt",
  accepted_at AS "acceptedAt", due_at AS "dueAt", clock, paused_at AS "pausedAt", ended_at AS "endedAt",
  applicant, submitter, ${NAMED} AS named, former_code AS "formerCode", proposals, imported_from IS NOT NULL AS imported, revision, position`;

type Found = Omit<WorklistItem, 'applicant' | 'submitter' | 'erased' | 'damaged'> &
  Pick<Row, 'applicant' | 'submitter'> & { named: boolean[]; sortKey: string };
type Checkpointed = { checkpoint: bigint | string; engine: string };

/**
 * Dossiers in the order of their due (or acceptance) instant, then code, page by page. One statement, so that
 * rows and position are of the same moment, also while tables are being replaced.
 * @param source `engine`: of the log
 * @param units only what one of these has now or took in
 * @throws Problem `invalid-request` for a cursor that is not of this order; `read-model-behind` while the rows are of
 * the log of another engine
 */
export async function listWorklist(
  { pool, engine, vault }: { pool: Pool; engine: string; vault: Pick<Vault, 'open' | 'digest'> },
  units: Units,
  filter: WorklistFilter,
): Promise<WorklistPage> {
  const { sort = 'due' } = filter;
  const limit = Math.min(Math.max(1, filter.limit ?? DEFAULT_LIMIT), MAX_LIMIT);
  const { where, values } = conditions(units, filter, new SearchTokens(vault));
  const found = await readingFrom('worklist', () =>
    pool.query<Checkpointed & (Found | { code: null })>(
      `SELECT c.position AS checkpoint, c.engine, d.*
       FROM (SELECT position, engine FROM projection.checkpoints WHERE name = 'worklist') c
       LEFT JOIN LATERAL (
         SELECT ${ITEM}, ${SORT_KEYS[sort]} AS "sortKey" FROM worklist.dossiers
          WHERE ${where.join(' AND ')} ORDER BY ${SORT_KEYS[sort]}, code LIMIT ${limit + 1}
       ) d ON true
      ORDER BY d."sortKey", d.code`,
      values,
    ),
  );
  const [first] = found.rows;
  if (first) demandEngine({ name: 'worklist', engine: first.engine }, engine);
  const position = BigInt(first?.checkpoint ?? 0n);
  const rows = found.rows.filter((row): row is Checkpointed & Found => row.code !== null);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: await withNames(vault, rows.slice(0, limit)),
    next: last ? writeCursor({ sort, at: last.sortKey, code: last.code }) : null,
    position,
  };
}

/** Opens the parties of a page in one call. */
async function withNames(
  vault: Pick<Vault, 'open'>,
  rows: readonly (Checkpointed & Found)[],
): Promise<WorklistItem[]> {
  const parts = rows.flatMap(({ applicant, submitter }) => [applicant, submitter]);
  const opened = (
    await openParts(
      vault,
      parts.filter((part) => part !== null),
    )
  ).values();
  const read = (part: PersonalPart | null): Opened | null => part && (opened.next().value ?? ERASED);
  return rows.map(({ checkpoint: _checkpoint, engine: _engine, sortKey: _sortKey, named, ...item }) => {
    const parties = [read(item.applicant), read(item.submitter)];
    const [applicant = null, submitter = null] = parties.map(nameOf);
    const damaged = parties.includes(DAMAGED);
    const erased = parties.some(
      (party, n) => named[n] === true && party !== DAMAGED && nameOf(party) === null,
    );
    return { ...item, applicant, submitter, erased, damaged };
  });
}

function nameOf(party: Opened | null): string | null {
  if (party === null || party === ERASED || party === DAMAGED) return null;
  return typeof party['name'] === 'string' ? party['name'].normalize('NFC') : null;
}

/** The filter as SQL; what came from outside goes in as parameters only. */
function conditions(
  units: Units,
  filter: WorklistFilter,
  tokens: SearchTokens,
): { where: string[]; values: unknown[] } {
  const where = ['NOT reversed'];
  const values: unknown[] = [];
  const add = (sql: (parameter: string) => string, value: unknown): void => {
    if (value === undefined) return;
    values.push(value);
    where.push(sql(`$${values.length}`));
  };
  add((p) => `(desk = ANY(${p}) OR unit = ANY(${p}))`, units === 'all' ? undefined : units);
  add((p) => `state = ANY(${p})`, filter.states);
  add((p) => `unit = ${p}`, filter.unit);
  add((p) => `official = ${p}`, filter.official);
  add((p) => `procedure = ${p}`, filter.procedure);
  add((p) => `channel = ${p}`, filter.channel);
  add((p) => `due_at < ${p}`, filter.dueBefore);
  add((p) => `due_at < CASE clock WHEN 'paused' THEN least(paused_at, ${p}) ELSE ${p} END`, filter.overdueAt);
  if (filter.q?.trim()) {
    const query = searchQuery(filter.q, tokens.of);
    if (query === undefined) where.push('false');
    else add((p) => `${SEARCHED} @@ ${p}::tsquery`, query);
  }
  if (filter.proposal === 'open') where.push(`proposals <> '[]'`);
  const onlyOpen = filter.states?.every((state) => OPEN_STATES.includes(state));
  if (onlyOpen || filter.dueBefore !== undefined || filter.overdueAt !== undefined) {
    where.push(`clock <> 'ended'`);
  }
  if (filter.cursor !== undefined) {
    const { at, code } = readCursor(filter.cursor, filter.sort ?? 'due');
    values.push(at, code);
    where.push(
      `(${SORT_KEYS[filter.sort ?? 'due']}, code) > ($${values.length - 1}::timestamptz, $${values.length})`,
    );
  }
  return { where, values };
}
