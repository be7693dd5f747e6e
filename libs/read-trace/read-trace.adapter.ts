import type { Pool } from 'pg';
import { type Clock, isoNow } from '#libs/event-log/clock.js';
import { canonicalJson, sha256 } from '#libs/event-log/hash.js';
import type { Json } from '#libs/event-log/json.js';
import type { SealedPart } from '#libs/personal-data/sealed.js';
import type { Vault } from '#libs/personal-data/vault.js';
import { Problem } from '#libs/problem/problem.js';
import { Gathering } from '#libs/read-db/gathering.js';
import type { Reading, ReadTrace, TracedRead } from './read-trace.js';

const TOGETHER_MS = 1;

/** Writes the trace into PostgreSQL, in a schema of its own beside the log. */
export class PostgresReadTrace implements ReadTrace {
  private readonly writing: Gathering<string, undefined>;

  constructor(
    private readonly pool: Pool,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {
    this.writing = new Gathering((bodies) => this.append(bodies), TOGETHER_MS);
  }

  async record({ reason, subject, ...reading }: Reading): Promise<void> {
    if (reading.dossiers.length === 0) return;
    const otherwise = subject ?? `reads-by-${reading.account}`;
    const sealed = reason === undefined ? undefined : await this.sealed(reason, otherwise);
    const read: TracedRead = {
      ...reading,
      at: isoNow(this.clock),
      ...(sealed ? { reason: sealed } : {}),
    };
    await this.writing.run(canonicalJson(read as unknown as Json));
  }

  private async sealed(reason: string, otherwise: string): Promise<SealedPart | undefined> {
    const [part] = await this.vault.seal([{ person: { otherwise }, part: 'rest', fields: { reason } }]);
    return part;
  }

  private async append(bodies: readonly string[]): Promise<undefined[]> {
    try {
      await this.pool.query('SELECT read_trace.append($1, $2)', [bodies, bodies.map(sha256)]);
      return bodies.map(() => undefined);
    } catch (error) {
      throw Object.assign(new Problem('read-not-traced'), { cause: error });
    }
  }
}
