import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { codeOf } from '#libs/read-db/data-folder.adapter.js';
import { Problem } from '#libs/problem/problem.js';
import { Gathering } from '#libs/read-db/gathering.js';
import { KEY_BYTES, NONCE_BYTES } from './box.js';
import { accountKeeper, type AccountKeeper } from './account-keeper.adapter.js';
import { digestUnder } from './digest.js';
import { type MasterKeys, unwrapKey, wrapKey } from './master-keys.js';
import { openPart, sealPart } from './parts.js';
import { type ClearPart, DAMAGED, ERASED, type Opened, type Person, type SealedPart } from './sealed.js';
import { bareNumber, isSubject, subjectAfter } from './subjects.js';
import type { DigestPurpose, Vault } from './vault.js';

export interface PostgresVaultOptions {
  readonly pool: Pool;
  readonly masterKeys: MasterKeys;
  /** Of the master key that wraps new keys, as far as is known. */
  readonly wrapping: string;
  readonly secret: Buffer;
  /**
   * Whether the log is in this database too. Then a new key need not wait for the disk: it stands in the write-ahead log
   * before the event that needs it, and the flush that acknowledges the event takes the key along. With another engine
   * the event could outlive its key.
   */
  readonly besideLog: boolean;
}

/** Person whose key is wanted, and the subject to give it where it has none. */
interface Wanted {
  readonly name: string;
  readonly digest: Buffer | null;
  readonly subject: string;
}

interface KeyRow {
  readonly subject: string;
  readonly digest: Buffer | null;
  /** Null if it was erased. */
  readonly key: Buffer | null;
  readonly master: string | null;
}
interface Rows {
  readonly bySubject: ReadonlyMap<string, KeyRow>;
  readonly byDigest: ReadonlyMap<string, LiveKey>;
}
type LiveKey = KeyRow & { readonly key: Buffer; readonly master: string };

/** Two that wait for each other, or give one number to two subjects: PostgreSQL breaks one off, and it goes again. */
const TRY_AGAIN = ['40P01', '23505'];

/** The vault over PostgreSQL: a key per person, wrapped by a master key that is not in the database. */
export class PostgresVault implements Vault {
  readonly digest: (purpose: DigestPurpose, text: string) => Buffer;
  /** For secrets of accounts, not of persons in dossiers: they do not go when somebody is erased. */
  readonly keeper: AccountKeeper;
  private readonly pool: Pool;
  private readonly masterKeys: MasterKeys;
  private readonly find: string;
  private wrapping: string;
  /** Calls that come together share one statement. */
  private readonly finding = new Gathering((calls: readonly (readonly Wanted[])[]) => this.findFor(calls), 0);

  constructor({ pool, masterKeys, wrapping, secret, besideLog }: PostgresVaultOptions) {
    this.pool = pool;
    this.masterKeys = masterKeys;
    this.wrapping = wrapping;
    this.digest = digestUnder(secret);
    this.keeper = accountKeeper(secret);
    this.find = findOrMake(besideLog);
  }

  async seal(parts: readonly ClearPart[]): Promise<SealedPart[]> {
    if (parts.length === 0) return [];
    const found = await this.finding.run(this.wantedFor(parts));
    const nonces = randomEach(parts.length, NONCE_BYTES);
    return this.withKeys(found, (keyOf) =>
      parts.map((part, n) => {
        const { subject } = found[n] as LiveKey;
        return sealPart(part, { subject, key: keyOf(subject) as Buffer, nonce: nonces(n) });
      }),
    );
  }

  async open(parts: readonly SealedPart[]): Promise<Opened[]> {
    if (parts.length === 0) return [];
    // An event that was tampered with may have anything there.
    const subjects = new Set(parts.map(({ subject }) => subject).filter(isSubject));
    const { rows } = await this.pool.query<LiveKey>({
      ...{ name: 'vault-open', text: OPEN },
      values: [[...subjects]],
    });
    return this.withKeys(rows, (keyOf) => parts.map((part) => openWith(part, keyOf)));
  }

  async erase(subjects: readonly string[]): Promise<void> {
    if (subjects.length > 0) await this.pool.query(ERASE, [subjects]);
  }

  /** Lends keys in clear for as long as `work` takes. */
  private withKeys<T>(
    rows: readonly LiveKey[],
    work: (keyOf: (subject: string) => Buffer | undefined) => T,
  ): T {
    const wrapped = new Map(rows.map((row) => [row.subject, row]));
    const clear = new Map<string, Buffer>();
    try {
      return work((subject) => {
        const row = wrapped.get(subject);
        if (row && !clear.has(subject)) {
          clear.set(subject, unwrapKey(this.masterKeys.of(row.master), subject, row.key));
        }
        return clear.get(subject);
      });
    } finally {
      for (const key of clear.values()) key.fill(0);
    }
  }

  /** Parts that come together are mostly of one person. */
  private wantedFor(parts: readonly ClearPart[]): Wanted[] {
    const known = new Map<string, Wanted>();
    return parts.map(({ person }) => {
      const name = `${person.otherwise} ${person.idNumber ?? ''}`;
      const wanted = known.get(name) ?? this.wanted(person);
      known.set(name, wanted);
      return wanted;
    });
  }

  private wanted({ idNumber, otherwise }: Person): Wanted {
    const number = bareNumber(idNumber ?? '');
    const digest = number === '' ? null : this.digest('id-number', number);
    const subject = otherwise.toLowerCase();
    return { name: `${digest?.toString('base64') ?? ''} ${subject}`, digest, subject };
  }

  private async findFor(calls: readonly (readonly Wanted[])[]): Promise<LiveKey[][]> {
    const found = new Map<string, LiveKey>();
    let open = [...new Map(calls.flat().map((wanted) => [wanted.name, wanted])).values()];
    while (open.length > 0) {
      const rows = await this.findOrMake(open);
      const next: Wanted[] = [];
      for (const wanted of open) {
        const outcome = decide(wanted, rows);
        if (outcome === 'adopt') await this.adopt(wanted);
        if (typeof outcome === 'object') found.set(wanted.name, outcome);
        else next.push(outcome === 'further' ? { ...wanted, subject: subjectAfter(wanted.subject) } : wanted);
      }
      open = next;
    }
    return calls.map((wanted) => wanted.map(({ name }) => found.get(name) as LiveKey));
  }

  /** Rows of these persons. What another process makes in this very moment is not among them yet: ask again. */
  private async findOrMake(wanted: readonly Wanted[]): Promise<Rows> {
    const master = this.masterKeys.of(this.wrapping);
    const keys = randomEach(wanted.length, KEY_BYTES);
    const nonces = randomEach(wanted.length, NONCE_BYTES);
    const fresh = wanted.map(({ subject }, n) => {
      const wrapped = wrapKey(master, nonces(n), subject, keys(n));
      keys(n).fill(0);
      return wrapped;
    });
    const values = [
      wanted.map(({ subject }) => subject),
      wanted.map(({ digest }) => digest),
      fresh,
      master.id,
    ];
    const { rows } = await again(() =>
      this.pool.query<KeyRow & { wrapping: string | null }>({ name: 'vault-find', text: this.find, values }),
    );
    const bySubject = new Map<string, KeyRow>();
    const byDigest = new Map<string, LiveKey>();
    let wrapping: string | undefined;
    for (const row of rows) {
      if (row.wrapping !== null) wrapping = row.wrapping;
      else bySubject.set(row.subject, row);
      if (row.digest && isLive(row)) byDigest.set(row.digest.toString('base64'), row);
    }
    if (wrapping === undefined) throw new Error('personal_data.secrets has lost its row');
    this.wrapping = wrapping;
    return { bySubject, byDigest };
  }

  /** The number of a person who had none so far. */
  private async adopt({ subject, digest }: Wanted): Promise<void> {
    await again(() => this.pool.query(ADOPT, [subject, digest]));
  }
}

/** `further`: this subject cannot be had. `again`: not visible yet. */
function decide(
  { digest, subject }: Wanted,
  { bySubject, byDigest }: Rows,
): LiveKey | 'further' | 'again' | 'adopt' {
  const known = digest && byDigest.get(digest.toString('base64'));
  if (known) return known;
  const row = bySubject.get(subject);
  if (!row) return 'again';
  if (!isLive(row)) return 'further';
  if (!digest) return row;
  return row.digest ? 'further' : 'adopt';
}

/** So many random strings of bytes, drawn at once: the generator is dear by the call. */
function randomEach(count: number, bytes: number): (n: number) => Buffer {
  const all = randomBytes(count * bytes);
  return (n) => all.subarray(n * bytes, (n + 1) * bytes);
}

/** One that cannot be read keeps nobody from the others. @throws Problem `master-key-missing`: then none can */
function openWith(part: SealedPart, keyOf: (subject: string) => Buffer | undefined): Opened {
  if (!isSubject(part.subject)) return DAMAGED;
  try {
    const key = keyOf(part.subject);
    return key ? openPart(part, key) : ERASED;
  } catch (error) {
    if (error instanceof Problem && error.type === 'person-key-damaged') return DAMAGED;
    throw error;
  }
}

const isLive = (row: KeyRow): row is LiveKey => row.key !== null;

async function again<T>(query: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await query();
    } catch (error) {
      if (tries === 5 || !TRY_AGAIN.includes(codeOf(error) ?? '')) throw error;
    }
  }
}

/**
 * Keys are made only under the master key that wraps by now, which `keys rotate` changes: so none comes under an older
 * one any more. In the order of numbers, so that two processes with the same ones do not wait for each other.
 */
const findOrMake = (besideLog: boolean): string => `
WITH ${besideLog ? `relaxed AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true)),` : ''}
made AS (
  INSERT INTO personal_data.keys (subject, id_digest, key, master)
  SELECT given.subject, given.id_digest, given.key, $4
    FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS given(subject, id_digest, key)${besideLog ? ', relaxed' : ''}
   WHERE EXISTS (SELECT FROM personal_data.secrets WHERE name = 'digest' AND master = $4)
   ORDER BY given.id_digest, given.subject
  ON CONFLICT DO NOTHING
  RETURNING subject, id_digest, key, master
)
SELECT subject, id_digest AS digest, key, master, NULL AS wrapping FROM made
UNION ALL
SELECT subject, id_digest, key, master, NULL FROM personal_data.keys WHERE subject = ANY($1::uuid[])
UNION ALL
SELECT subject, id_digest, key, master, NULL FROM personal_data.keys WHERE id_digest = ANY($2::bytea[])
UNION ALL
SELECT NULL, NULL, NULL, NULL, master FROM personal_data.secrets WHERE name = 'digest'`;

const OPEN = `
SELECT subject, id_digest AS digest, key, master FROM personal_data.keys
 WHERE subject = ANY($1::uuid[]) AND key IS NOT NULL`;

const ADOPT = `
UPDATE personal_data.keys SET id_digest = $2
 WHERE subject = $1 AND id_digest IS NULL AND key IS NOT NULL
   AND NOT EXISTS (SELECT FROM personal_data.keys WHERE id_digest = $2)`;

/** Also where no key is yet: a log may be restored before its keys, and whoever it says is erased gets none. */
const ERASE = `
INSERT INTO personal_data.keys AS known (subject, erased_at)
SELECT subject, clock_timestamp() FROM (SELECT DISTINCT unnest($1::uuid[]) AS subject ORDER BY 1) AS given
ON CONFLICT (subject) DO UPDATE
   SET key = NULL, master = NULL, id_digest = NULL, erased_at = excluded.erased_at
 WHERE known.key IS NOT NULL`;
