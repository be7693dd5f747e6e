import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Pool } from 'pg';
import { type Clock } from '#libs/event-log/clock.js';
import type { EventLog, LogEngine } from '#libs/event-log/event-log.js';
import { WorklistProjection } from '#libs/dossier/worklist/worklist.projection.js';
import { ErasureProjection } from '#libs/erasure/erasure.projection.js';
import { inboxProjection } from '#libs/inbox/inbox.projection.js';
import type { LiveUpdates } from '#libs/live/live-updates.js';
import { Ownership } from '#libs/projection/ownership.js';
import { DurationsProjection } from '#libs/outlook/durations.projection.js';
import type { Vault } from '#libs/personal-data/vault.js';
import type { Projection } from '#libs/projection/projection.js';
import { ProjectionRunner, type RunnerState } from '#libs/projection/runner.js';
import { projectionStatus, type ProjectionStatus } from '#libs/projection/status.js';
import { WatchedProjection } from '#libs/reminders/watched.projection.js';
import { reportProjection } from '#libs/reports/facts/report.projection.js';

/** Every read model there is. */
export const projectionsWith = (vault: Vault, notice?: (line: string) => void): readonly Projection[] => [
  new WorklistProjection(vault, notice),
  reportProjection,
  new ErasureProjection(vault),
  new WatchedProjection(),
  inboxProjection,
  new DurationsProjection(),
];
export const PROJECTION_NAMES = [
  'worklist',
  'report',
  'erasures',
  'reminders',
  'inbox',
  'durations',
] as const;

export interface ProjectionsOptions {
  readonly log: EventLog;
  readonly rawLog: Pick<LogEngine, 'engine'>;
  readonly pool: Pool;
  readonly clock: Clock;
  readonly vault: Vault;
  /** Told of every move of a read model that this process keeps. */
  readonly live?: LiveUpdates;
  /** Told in a line of what a read model could not take in whole. */
  readonly notice?: (line: string) => void;
  readonly onState?: (state: RunnerState) => void;
  /** For a short visit: keeps only what no other process does. */
  readonly guest?: boolean;
}

/** The read models, kept by this process as far as no other one owns them. Not started, it keeps none. */
export class Projections {
  /** Names this process among all that ever were. */
  readonly process = `${hostname()} ${process.pid} ${randomUUID()}`;
  private readonly projections: readonly Projection[];
  private readonly runners = new Map<string, ProjectionRunner>();
  private readonly ownership: Ownership;

  constructor(private readonly options: ProjectionsOptions) {
    this.projections = projectionsWith(options.vault, options.notice);
    this.ownership = new Ownership({
      pool: options.pool,
      projections: this.projections.map(({ name }) => name),
      process: this.process,
      guest: options.guest ?? false,
      begin: (name, token) => this.begin(name, token),
    });
  }

  /** Takes its share and gives it up again as other processes come and go. */
  start(): void {
    this.ownership.start();
  }

  /** Finishes the batches in flight; other processes may take over at once. */
  stop(): Promise<void> {
    return this.ownership.stop();
  }

  /** Of all read models, whoever keeps them. */
  status(): Promise<ProjectionStatus[]> {
    return Promise.all(
      this.projections.map(
        (projection) =>
          this.runners.get(projection.name)?.status() ??
          projectionStatus({ ...this.options, engine: this.options.rawLog.engine }, projection),
      ),
    );
  }

  private begin(name: string, token: bigint): { stop(): Promise<void> } {
    const projection = this.projections.find((known) => known.name === name);
    if (!projection) throw new Error(`there is no projection ${name}`);
    const { rawLog, live, ...parts } = this.options;
    const { engine } = rawLog;
    const onMoved = (position: bigint): void => live?.publish({ projection: name, position });
    const runner = new ProjectionRunner({ ...parts, projection, engine, token, onMoved });
    this.runners.set(name, runner);
    runner.start();
    return {
      stop: async () => {
        await runner.stop();
        if (this.runners.get(name) === runner) this.runners.delete(name);
      },
    };
  }
}

/** Says that a read model stands still, and why. */
export const tellStopped =
  (note: (line: string) => void) =>
  ({ name, status, error }: RunnerState): void => {
    if (status === 'stopped') note(`projection ${name} stopped: ${error ?? 'see /health/ready'}`);
  };
