import type { Pool } from 'pg';
import { type Clock } from '#libs/event-log/clock.js';
import type { EventLog } from '#libs/event-log/event-log.js';
import { WorklistProjection } from '#libs/dossier/worklist/worklist.projection.js';
import type { Projection } from '#libs/projection/projection.js';
import { ProjectionRunner, type RunnerState } from '#libs/projection/runner.js';
import type { ProjectionStatus } from '#libs/projection/status.js';
import { reportProjection } from '#libs/reports/facts/report.projection.js';

/** Every read model there is. */
export const PROJECTIONS: readonly Projection[] = [new WorklistProjection(), reportProjection];

/** The runners of all projections in this process. */
export class Projections {
  private readonly runners: readonly ProjectionRunner[];

  constructor(options: { log: EventLog; pool: Pool; clock: Clock; onState?: (state: RunnerState) => void }) {
    this.runners = PROJECTIONS.map((projection) => new ProjectionRunner({ ...options, projection }));
  }

  start(): void {
    for (const runner of this.runners) runner.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.runners.map((runner) => runner.stop()));
  }

  status(): Promise<ProjectionStatus[]> {
    return Promise.all(this.runners.map((runner) => runner.status()));
  }
}
