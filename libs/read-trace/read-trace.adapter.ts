import type { Pool } from 'pg';
import { v5 as uuidV5 } from 'uuid';
import { type Clock, isoNow } from '#libs/event-log/clock.js';
import { canonicalJson, sha256 } from '#libs/event-log/hash.js';
import type { Json } from '#libs/event-log/json.js';
import type { SealedPart } from '#libs/personal-data/sealed.js';
import type { Vault } from '#libs/personal-data/vault.js';
import { Problem } from '#libs/problem/problem.js';
import { Gathering } from '#libs/read-db/gathering.js';
import type { Reading, ReadTrace, TracedRead } from './read-trace.js';

const TOGETHER_MS = 1;
/** Namespace of the keys of readers (UUID version 5). */
const READERS = '0d6ad5a2-6f0e-5c1f-8a8e-6d6f74637561';

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
    const otherwise = subject ?? uuidV5(reading.account, READERS);
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
