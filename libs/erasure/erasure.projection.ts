import type { PoolClient } from 'pg';
import { idOf, type RecordedEvent } from '#libs/event-log/event-log.js';
import { PERSON_CATEGORY, type PersonEvent } from '#libs/personal-data/person.events.js';
import type { Vault } from '#libs/personal-data/vault.js';
import { ident } from '#libs/projection/checkpoints.js';
import { FoldedRows, type RowTable } from '#libs/projection/folded-rows.js';
import type { ApplyMode, Projection } from '#libs/projection/projection.js';
import { evolvePerson, type PersonState, unknownPerson } from './person.js';

/**
 * Persons whose erasure was proposed or done: what waits for a second person is found here. It also makes the keys
 * follow the log: whoever the log says is erased loses the key again, if it came back or was never destroyed.
 */
export class ErasureProjection implements Projection {
  readonly name = 'erasures';
  readonly categories = [PERSON_CATEGORY];
  readonly version = 1;
  readonly tables = [{ name: 'persons', key: ['subject'] }];
  private readonly rows = new FoldedRows(PERSONS);

  constructor(private readonly vault: Pick<Vault, 'erase'>) {}

  async create(db: PoolClient, schema: string): Promise<void> {
    this.rows.begin(db);
    await db.query(
      `CREATE TABLE ${ident(schema)}.persons (
         subject text PRIMARY KEY, state jsonb NOT NULL, open boolean NOT NULL, erased boolean NOT NULL)`,
    );
  }

  async apply(
    db: PoolClient,
    schema: string,
    events: readonly RecordedEvent[],
    mode: ApplyMode,
  ): Promise<void> {
    const erased = events.filter(({ type }) => type === 'PersonErased').map(({ stream }) => idOf(stream));
    if (erased.length > 0) await this.vault.erase(erased);
    await this.rows.apply(db, schema, events, mode);
  }

  async finish(db: PoolClient, schema: string): Promise<void> {
    await this.rows.finish(db, schema);
    await db.query(`CREATE INDEX ON ${ident(schema)}.persons (subject) WHERE open`);
  }
}

const PERSONS: RowTable<PersonState> = {
  keyOf: ({ stream }) => idOf(stream),
  keyOfRow: ({ subject }) => subject,
  fold: (state, event) => evolvePerson(state ?? unknownPerson(idOf(event.stream)), event as PersonEvent),
  async load(db, schema, subjects) {
    const { rows } = await db.query<{ state: StoredPerson }>(
      `SELECT state FROM ${ident(schema)}.persons WHERE subject = ANY($1)`,
      [subjects],
    );
    return rows.map(({ state }) => ({ ...state, revision: BigInt(state.revision) }));
  },
  async write(db, schema, persons) {
    const rows = persons.map((person) => ({
      subject: person.subject,
      state: { ...person, revision: String(person.revision) } satisfies StoredPerson,
      open: person.open !== null,
      erased: person.erasedAt !== null,
    }));
    await db.query(
      `INSERT INTO ${ident(schema)}.persons
       SELECT * FROM json_to_recordset($1::json) AS t(subject text, state jsonb, open boolean, erased boolean)
       ON CONFLICT (subject) DO UPDATE SET state = excluded.state, open = excluded.open, erased = excluded.erased`,
      [JSON.stringify(rows)],
    );
  },
};

type StoredPerson = Omit<PersonState, 'revision'> & { readonly revision: string };
