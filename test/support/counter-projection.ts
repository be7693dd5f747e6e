import type { PoolClient } from 'pg';
import type { RecordedEvent } from '#libs/event-log/event-log.js';
import { ident } from '#libs/projection/checkpoints.js';
import type { Projection } from '#libs/projection/projection.js';

/**
 * A small projection for tests: how many events a stream has, and the sum of their `data.amount`. One of type
 * `Poison` cannot be folded, for a reason that quotes a name.
 */
export class CounterProjection implements Projection {
  readonly categories = ['dossier'];
  readonly tables = [{ name: 'streams', key: ['stream'] }];

  constructor(
    readonly name: string,
    readonly version = 1,
    private readonly poison = 'Poison',
  ) {}

  async create(db: PoolClient, schema: string): Promise<void> {
    await db.query(
      `CREATE TABLE ${ident(schema)}.streams (stream text PRIMARY KEY, events integer NOT NULL, amount integer NOT NULL)`,
    );
  }

  async apply(db: PoolClient, schema: string, events: readonly RecordedEvent[]): Promise<void> {
    await db.query(
      `INSERT INTO ${ident(schema)}.streams
       SELECT stream, count(*), sum(amount::integer) FROM unnest($1::text[], $2::text[]) AS t(stream, amount) GROUP BY 1
       ON CONFLICT (stream) DO UPDATE
         SET events = streams.events + excluded.events, amount = streams.amount + excluded.amount`,
      [events.map((event) => event.stream), events.map((event) => this.amountOf(event))],
    );
  }

  private amountOf({ type, data }: RecordedEvent): string {
    return type === this.poison ? 'Nguyễn Văn A' : JSON.stringify(data['amount'] ?? 0);
  }
}
