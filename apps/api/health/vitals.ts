import type { Platform } from '#apps/platform/open-platform.js';
import { type Owner, projectionOwners } from '#libs/projection/owners.js';
import type { ProjectionStatus } from '#libs/projection/status.js';
import type { VerificationRecord } from '#libs/verification/verification.js';
import { Verifications } from '#libs/verification/verifications.adapter.js';

/** Something outside of this process that it works with. */
export interface Dependency {
  readonly name: string;
  /** Which product it is, where there is a choice. */
  readonly engine?: string;
  /** Without it no command can be carried out. */
  readonly vital: boolean;
  /** Resolves if it answers. */
  readonly ask: () => Promise<unknown>;
  /** Where it keeps jobs: how many, by queue and state. */
  readonly counts?: () => Promise<JobCounts>;
}

type JobCounts = Readonly<Record<string, Readonly<Record<string, number>>>>;

export interface Answered {
  readonly name: string;
  readonly engine?: string;
  readonly status: 'ok' | 'unavailable';
  readonly milliseconds: number;
}

export interface ProjectionHealth extends ProjectionStatus {
  /** The process that keeps it; null if none does. */
  readonly owner: string | null;
  /** Whether that is this one. */
  readonly ours: boolean;
  /** How long it has had no owner, as far as that is known here. */
  readonly ownerlessSeconds: number;
}

export interface Readiness {
  /** `degraded`: commands are carried out, but lists, reports or jobs stand still or are late. */
  readonly status: 'ok' | 'degraded' | 'unavailable' | 'stopping';
  readonly dependencies: readonly Answered[];
  /** Empty where they cannot be asked. */
  readonly projections: readonly ProjectionHealth[];
  /** The last one that came to an end; null before the first. Undefined where it cannot be asked. */
  readonly lastVerification: VerificationRecord | null | undefined;
  /** The same for the trace of reads. */
  readonly lastTraceVerification: VerificationRecord | null | undefined;
}

export interface VitalsParts {
  readonly platform: Pick<Platform, 'pool' | 'rawLog'>;
  readonly projections: { readonly process: string; status(): Promise<readonly ProjectionStatus[]> };
  readonly dependencies: readonly Dependency[];
  /** A read model further behind is told as `degraded`. */
  readonly lagLimitSeconds: number;
  readonly stopping: AbortSignal;
}

/** How long each question may take. */
const PATIENCE_MS = 2_000;
/** Projections go from one process to another within a few seconds. */
const OWNERLESS_LIMIT_SECONDS = 10;

/** How this process and what it stands on are: asked anew each time, within a few seconds whatever happens. */
export class Vitals {
  private readonly dependencies: readonly Dependency[];
  /** Since when a projection was seen here without an owner. */
  private readonly ownerlessSince = new Map<string, number>();

  constructor(private readonly parts: VitalsParts) {
    const { pool, rawLog } = parts.platform;
    this.dependencies = [
      { name: 'event-log', engine: rawLog.engine, vital: true, ask: () => rawLog.requireWritable() },
      { name: 'database', engine: 'postgresql', vital: true, ask: () => pool.query('SELECT 1') },
      ...parts.dependencies,
    ];
  }

  async read(): Promise<Readiness> {
    const [dependencies, projections, lastVerification, lastTraceVerification] = await Promise.all([
      this.answers(),
      this.projections(),
      this.lastVerification('log'),
      this.lastVerification('trace'),
    ]);
    const status = this.judge(dependencies, projections);
    return {
      ...{ status, dependencies, projections: projections ?? [] },
      ...{ lastVerification, lastTraceVerification },
    };
  }

  /** Jobs by queue and state; none where they cannot be counted. */
  async jobs(): Promise<{ queue: string; state: string; jobs: number }[]> {
    const none: JobCounts = {};
    const asked = this.dependencies.flatMap(({ counts }) =>
      counts ? [inTime(counts()).catch(() => none)] : [],
    );
    return (await Promise.all(asked)).flatMap((queues) =>
      Object.entries(queues).flatMap(([queue, states]) =>
        Object.entries(states).map(([state, jobs]) => ({ queue, state, jobs })),
      ),
    );
  }

  answers(): Promise<Answered[]> {
    return Promise.all(this.dependencies.map(answered));
  }

  /** Undefined if they cannot be asked now. */
  async projections(): Promise<readonly ProjectionHealth[] | undefined> {
    const { platform, projections } = this.parts;
    const asked = Promise.all([projections.status(), projectionOwners(platform.pool)]);
    const [states, owners] = await inTime(asked).catch(() => []);
    return states?.map((state) => this.withOwner(state, owners?.get(state.name)));
  }

  private async lastVerification(of: 'log' | 'trace'): Promise<VerificationRecord | null | undefined> {
    const asked = new Verifications(this.parts.platform.pool).lastEnded(of);
    return inTime(asked.then((found) => found ?? null)).catch(() => undefined);
  }

  private withOwner(state: ProjectionStatus, found: Owner | undefined): ProjectionHealth {
    const { process: owner, goneSeconds } = found ?? { process: null, goneSeconds: 0 };
    const now = performance.now();
    if (owner !== null) this.ownerlessSince.delete(state.name);
    else if (!this.ownerlessSince.has(state.name)) this.ownerlessSince.set(state.name, now);
    const seen = (now - (this.ownerlessSince.get(state.name) ?? now)) / 1000;
    const ownerlessSeconds = Math.round(Math.max(seen, goneSeconds));
    return { ...state, owner, ours: owner === this.parts.projections.process, ownerlessSeconds };
  }

  private judge(
    dependencies: readonly Answered[],
    projections: readonly ProjectionHealth[] | undefined,
  ): Readiness['status'] {
    if (this.parts.stopping.aborted) return 'stopping';
    const down = this.dependencies.filter((_, n) => dependencies[n]?.status !== 'ok');
    if (down.some(({ vital }) => vital)) return 'unavailable';
    const late = projections?.some(
      ({ status, tablesOf, lagSeconds, ownerlessSeconds }) =>
        status === 'stopped' ||
        tablesOf !== undefined ||
        lagSeconds > this.parts.lagLimitSeconds ||
        ownerlessSeconds > OWNERLESS_LIMIT_SECONDS,
    );
    return down.length > 0 || (late ?? true) ? 'degraded' : 'ok';
  }
}

async function answered({ name, engine, ask }: Dependency): Promise<Answered> {
  const begun = performance.now();
  const status = await inTime(ask()).then(
    () => 'ok' as const,
    () => 'unavailable' as const,
  );
  const milliseconds = Math.round((performance.now() - begun) * 10) / 10;
  return { name, ...(engine ? { engine } : {}), status, milliseconds };
}

async function inTime<T>(question: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), PATIENCE_MS);
  });
  try {
    return await Promise.race([question, late]);
  } finally {
    clearTimeout(timer);
  }
}
