import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import { OUR_SESSION, OVER, RENEWED } from './lease.js';
import { decide } from './spread.js';
import { setUpTables } from './tables.js';
import { withClient } from './transaction.js';

export interface OwnershipOptions {
  readonly pool: Pool;
  /** The projections that this process can keep. */
  readonly projections: readonly string[];
  /** Names this process among all that ever were. */
  readonly process: string;
  /** Takes only what no living process owns, is not counted in the shares, and keeps all it gets until it stops. */
  readonly guest?: boolean;
  /** Called with each projection that has become ours; the token grows with every change of owner. */
  readonly begin: (projection: string, token: bigint) => { stop(): Promise<void> };
}

interface Held {
  readonly token: bigint;
  readonly work: { stop(): Promise<void> };
  leaving: boolean;
}

const RENEW_MS = 1_000;

/**
 * Sees to it that each projection has one owner among all processes on this database, and that the processes share
 * them fairly. A process that dies loses what it owns at once, one that stalls within seconds; that it cannot write
 * afterwards is seen to where it writes, by the token.
 */
export class Ownership {
  private readonly stopping = new AbortController();
  private readonly held = new Map<string, Held>();
  private readonly ending = new Set<Promise<void>>();
  private running: Promise<void> | undefined;

  constructor(private readonly options: OwnershipOptions) {}

  /** Begins at once and in the background; a lost database is waited for. */
  start(): void {
    this.running ??= this.run(this.stopping.signal);
  }

  /** Ends the work on everything owned, and then gives it up at once. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await Promise.all([...this.held.values()].map(({ work }) => work.stop()));
    await Promise.all(this.ending);
    if (this.running) await this.release([...this.held.keys()]).catch(() => undefined);
    this.held.clear();
  }

  private async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      // A connection of its own: a lease must not wait behind the work of the process.
      await withClient(this.options.pool, async (client) => {
        await setUpTables(client);
        await client.query(
          'INSERT INTO projection.owners (projection) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING',
          [this.options.projections],
        );
        while (!signal.aborted) {
          await this.look(client);
          await pause(RENEW_MS, signal);
        }
      }).catch(() => undefined);
      await pause(RENEW_MS, signal);
    }
  }

  /** One look around: says that we live, and gives and takes what is to be given and taken. */
  private async look(client: PoolClient): Promise<void> {
    const { projections, guest = false } = this.options;
    if (!guest) await this.beat(client);
    await this.renew(client);
    const around = await client.query<{ processes: number; free: string[] }>(
      `SELECT (SELECT count(*)::int FROM projection.processes) AS processes,
              ARRAY(SELECT projection FROM projection.owners
                     WHERE projection = ANY($1) AND (owner IS NULL OR ${OVER}) ORDER BY 1) AS free`,
      [projections],
    );
    const { processes = 1, free = [] } = around.rows[0] ?? {};
    const { give, take, most } = decide({
      projections: projections.length,
      processes: guest ? 1 : processes,
      held: [...this.held].filter(([, { leaving }]) => !leaving).map(([name]) => name),
      free: free.filter((name) => !this.held.has(name)),
    });
    for (const name of give) this.leave(name);
    let taken = 0;
    for (const name of take) {
      if (taken < most && !this.stopping.signal.aborted && (await this.take(client, name))) taken += 1;
    }
  }

  private async beat(client: PoolClient): Promise<void> {
    await client.query(`DELETE FROM projection.processes WHERE ${OVER}`);
    await client.query(
      `INSERT INTO projection.processes (id, until, session) VALUES ($1, ${RENEWED}, ${OUR_SESSION})
       ON CONFLICT (id) DO UPDATE SET until = excluded.until, session = excluded.session`,
      [this.options.process],
    );
  }

  /** Also what has run out, as long as nobody else has taken it; what somebody has is ours no longer. */
  private async renew(client: PoolClient): Promise<void> {
    const renewed = await client.query<{ projection: string; token: string }>(
      `UPDATE projection.owners SET until = ${RENEWED}, session = ${OUR_SESSION}
        WHERE owner = $1 RETURNING projection, token::text`,
      [this.options.process],
    );
    const tokens = new Map(renewed.rows.map(({ projection, token }) => [projection, BigInt(token)]));
    for (const [name, { token, work }] of this.held) {
      if (tokens.get(name) === token) continue;
      this.held.delete(name);
      this.inBackground(work.stop());
    }
  }

  private async take(client: PoolClient, name: string): Promise<boolean> {
    const taken = await client.query<{ token: string }>(
      `UPDATE projection.owners
          SET owner = $1, token = token + 1, until = ${RENEWED}, session = ${OUR_SESSION}
        WHERE projection = $2 AND (owner IS NULL OR ${OVER}) RETURNING token::text`,
      [this.options.process, name],
    );
    if (!taken.rows[0]) return false;
    const token = BigInt(taken.rows[0].token);
    this.held.set(name, { token, work: this.options.begin(name, token), leaving: false });
    return true;
  }

  /** What is being ended stays ours until it has ended. */
  private leave(name: string): void {
    const held = this.held.get(name);
    if (!held) return;
    held.leaving = true;
    this.inBackground(
      held.work.stop().then(async () => {
        if (this.held.get(name) !== held) return;
        this.held.delete(name);
        await this.release([name], false);
      }),
    );
  }

  private async release(names: readonly string[], goodbye = true): Promise<void> {
    const { pool, process } = this.options;
    await pool.query(
      'UPDATE projection.owners SET owner = NULL, until = NULL, session = NULL WHERE owner = $1 AND projection = ANY($2)',
      [process, names],
    );
    if (goodbye) await pool.query('DELETE FROM projection.processes WHERE id = $1', [process]);
  }

  private inBackground(work: Promise<void>): void {
    const done = work.catch(() => undefined).finally(() => this.ending.delete(done));
    this.ending.add(done);
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
