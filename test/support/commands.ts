import { randomUUID } from 'node:crypto';
import { contextBy } from '#libs/dossier/testing/context.js';
import { acceptNew, type AcceptNew } from '#libs/dossier/accept/accept.js';
import type { CommandAnswer } from '#libs/dossier/commands/answer.js';
import { ChangeDossier, OpenDossier } from '#libs/dossier/commands/command.js';
import { CommandRunner } from '#libs/dossier/commands/command-runner.js';
import type { Receipts } from '#libs/dossier/commands/receipts.js';
import { PostgresReceipts, receiptMigrations } from '#libs/dossier/commands/receipts.adapter.js';
import { handOver } from '#libs/dossier/hand-over/hand-over.js';
import { referenceOf } from '#libs/dossier/testing/reference.js';
import { desk } from '#libs/dossier/testing/scenario.js';
import { PostgresEventLog } from '#libs/event-log/adapters/postgres-event-log.adapter.js';
import { eventLogMigrations } from '#libs/event-log/adapters/postgres-schema.adapter.js';
import type { EventLog, RecordedEvent } from '#libs/event-log/event-log.js';
import { collect } from '#libs/event-log/testing/contract-support.js';
import { keyStoreMigrations } from '#libs/personal-data/key-store-schema.adapter.js';
import type { Vault } from '#libs/personal-data/vault.js';
import type { Problem } from '#libs/problem/problem.js';
import { migrate } from '#libs/read-db/migrate.adapter.js';
import { createPool } from '#libs/read-db/pool.adapter.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { testVault } from './vault.js';

/** A process of its own: connections, receipts and code sequence that know nothing of another's. */
export interface Process {
  readonly pool: TestDatabase['pool'];
  readonly log: PostgresEventLog;
  readonly receipts: Receipts;
  readonly vault: Vault;
  readonly runner: CommandRunner;
}

/** Two processes on one database, and a clock that begins a new day for each test: its codes begin at 0001. */
export class CommandBench {
  private day = 0;
  now = desk('2024-03-01 09:00');

  private constructor(
    readonly database: TestDatabase,
    readonly here: Process,
    readonly there: Process,
    private readonly clock: { now(): number },
  ) {}

  static async open(): Promise<CommandBench> {
    const database = await createTestDatabase();
    await migrate(database.pool, { ...eventLogMigrations, ...keyStoreMigrations, ...receiptMigrations });
    const clock = { now: () => 0 };
    const start = async (pool: TestDatabase['pool']): Promise<Process> => {
      const log = new PostgresEventLog(pool);
      const receipts = new PostgresReceipts(pool);
      const vault = await testVault(pool);
      const runner = new CommandRunner(log, receipts, REFERENCE, clock, vault);
      return { pool, log, receipts, vault, runner };
    };
    const there = createPool(database.url);
    const bench = new CommandBench(database, await start(database.pool), await start(there), clock);
    clock.now = () => Date.parse(bench.now);
    return bench;
  }

  async close(): Promise<void> {
    await this.here.log.close();
    await this.there.log.close();
    await this.there.pool.end();
    await this.database.drop();
  }

  /** A further runner, as after a restart, or with receipts that fail. */
  runnerOn(log: EventLog, receipts: Receipts): CommandRunner {
    return new CommandRunner(log, receipts, REFERENCE, this.clock, this.here.vault);
  }

  nextDay(time = '09:00'): void {
    this.day += 1;
    this.now = desk(`2024-03-${String(this.day).padStart(2, '0')} ${time}`);
  }

  /** The n-th code of the day. */
  code(n: number): string {
    return `H54.12-2403${String(this.day).padStart(2, '0')}-${String(n).padStart(4, '0')}`;
  }

  codes(n: number): string[] {
    return Array.from({ length: n }, (_, i) => this.code(i + 1));
  }

  /** The dossiers of the day, by code. */
  async dossiers(): Promise<Map<string, RecordedEvent[]>> {
    const found = new Map<string, RecordedEvent[]>();
    for (const event of await collect(this.here.log.readAll({ categories: ['dossier'] }))) {
      const code = event.stream.slice('dossier-'.length);
      if (code.startsWith(this.code(0).slice(0, -4))) found.set(code, [...(found.get(code) ?? []), event]);
    }
    return found;
  }
}

const REFERENCE = referenceOf();

/** The acceptance of a dossier at the desk, by `clerk-1`. */
export function opening(
  key: string = randomUUID(),
  over: Partial<AcceptNew> = {},
  mentions: string[] = [],
): OpenDossier {
  const input = {
    unit: 'H54.12',
    procedure: '1.009664',
    case: 'default',
    channel: 'in_person' as const,
    applicant: { name: 'Nguyễn Văn Ánh' },
    ...over,
  };
  const context = contextBy('clerk-1', 'accept-new', key);
  return new OpenDossier(
    input.unit,
    context,
    { step: 'accept-new', input },
    (code, situation) => acceptNew(input, code, situation),
    mentions,
  );
}

/** A hand-over by `clerk-1`. */
export function handingOver(
  code: string,
  seen: bigint,
  key: string = randomUUID(),
  toUnit = 'QLĐT',
): ChangeDossier {
  const context = { ...contextBy('clerk-1', 'hand-over', key), seen };
  return new ChangeDossier(code, context, { step: 'hand-over', input: { toUnit } }, handOver({ toUnit }));
}

/** Why it was refused. */
export const problemOf = (run: Promise<unknown>): Promise<Problem> =>
  run.then(
    () => Promise.reject(new Error('it was not refused')),
    (error: unknown) => error as Problem,
  );

/** As a client does that is told to send the same command again. */
export async function insist(run: () => Promise<CommandAnswer>): Promise<CommandAnswer> {
  for (;;) {
    try {
      return await run();
    } catch (error) {
      if ((error as Problem).type !== 'command-in-progress') throw error;
    }
  }
}
