import { setTimeout as sleep } from 'node:timers/promises';
import { type IQueueBackend, type Job, Queue, WaitingError, Worker, type WorkerOptions } from 'bullmq';
import { codeOf, messageOf } from '#libs/read-db/data-folder.adapter.js';
import type { RedisClient } from '#libs/redis/redis-connection.adapter.js';
import type { JobBackend } from './job-backend.js';
import { postgresJobs } from './postgres-jobs.adapter.js';
import { redisJobs } from './redis-jobs.adapter.js';
import { once, oneLine } from './told-once.js';

/** A queue of BullMQ, whichever engine is behind it. */
export type JobQueue<D = unknown> = Queue<Job<D>, unknown, string, D, unknown, string, IQueueBackend, object>;
export type JobWorker<D = unknown> = Worker<D, unknown, string, IQueueBackend, object, object>;
/** `signal` is aborted when the process can wait no longer: stop; the job will be given to another. */
export type Processor<D> = (job: Job<D>, signal: AbortSignal) => Promise<unknown>;
export type JobWorkerOptions = Pick<
  WorkerOptions,
  'concurrency' | 'lockDuration' | 'stalledInterval' | 'limiter'
>;
/** Jobs by state. */
export type JobCounts = Readonly<Record<string, number>>;

const STATES = ['waiting', 'prioritized', 'delayed', 'active', 'completed', 'failed'] as const;
const DAY_SECONDS = 86_400;
/** For every job that says nothing else: five attempts, about 1, 2, 4 and 8 seconds apart, never all at one instant. */
const JOB_DEFAULTS = {
  attempts: 5,
  backoff: { type: 'exponential', delay: 1_000, jitter: 0.5 },
  removeOnComplete: { age: DAY_SECONDS, count: 1_000 },
  removeOnFail: { age: 30 * DAY_SECONDS, count: 10_000 },
};
/** How many processes may die over one job before it counts as failed. */
const MOST_DEATHS = 10;
const RETRY_MS = 1_000;
const AWAY = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN']);
const COUNT_PATIENCE_MS = 2_000;
const CLOSE_PATIENCE_MS = 1_000;

/**
 * The queues and workers of this process, on Redis where there is one, else in PostgreSQL. A lost connection is told
 * in one line and waited for: nothing here ends the process. Jobs are at least once: a processor may be called
 * again for a job that it has done.
 */
export class JobEngine {
  private readonly queues = new Map<string, JobQueue>();
  private readonly workers: { worker: JobWorker; running: Set<object> }[] = [];

  private constructor(
    private readonly backend: JobBackend,
    private readonly notice: (line: string) => void,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** `databaseUrl` is for jobs in PostgreSQL: tables are made. `redis` becomes the engine's: closing ends it. */
  static async open(
    on: { redis: RedisClient; prefix: string } | { databaseUrl: string },
    notice: (line: string) => void,
  ): Promise<JobEngine> {
    const tell = once((error) => notice(`jobs: ${oneLine(error)}`));
    if (!('redis' in on)) return new JobEngine(await postgresJobs(on.databaseUrl, tell), notice, tell);
    const onError = (error: unknown): void => {
      if (!isAway(error)) tell(error);
    };
    return new JobEngine(redisJobs(on.redis, on.prefix), notice, onError);
  }

  get kind(): JobBackend['kind'] {
    return this.backend.kind;
  }

  /** The queue of this name, always the same one. */
  queue<D>(name: string): JobQueue<D> {
    let queue = this.queues.get(name);
    if (!queue) {
      queue = new Queue(name, { connection: {}, defaultJobOptions: JOB_DEFAULTS }, this.backend.factory);
      queue.on('error', this.onError);
      this.queues.set(name, queue);
    }
    return queue as unknown as JobQueue<D>;
  }

  /** Works on the jobs of a queue from now on, one at a time unless `concurrency` says more. */
  worker<D>(name: string, processor: Processor<D>, options: JobWorkerOptions = {}): JobWorker<D> {
    this.queue(name);
    const running = new Set<object>();
    const process = async (job: Job<D>, token: string, signal: AbortSignal): Promise<unknown> => {
      running.add(job);
      try {
        return await processor(job, signal);
      } catch (error) {
        if (!signal.aborted) throw error;
        // It did not fail, it was broken off: back with it, so that another need not wait for its lock to run out.
        await job.moveToWait(token);
        throw new WaitingError();
      } finally {
        running.delete(job);
      }
    };
    const all = { connection: {}, maxStalledCount: MOST_DEATHS, runRetryDelay: RETRY_MS, ...options };
    const worker = new Worker<D, unknown, string, IQueueBackend, object, object>(
      name,
      process as (job: Job<D>) => Promise<unknown>,
      all,
      this.backend.factory,
    );
    worker.on('error', this.onError);
    worker.on('stalled', (id) =>
      this.notice(`jobs: ${name} ${id} was left by a worker and is taken up again`),
    );
    worker.on('failed', (job, error) => {
      if (job?.finishedOn === undefined) return;
      this.notice(
        `jobs: ${name} ${job.name} ${job.id ?? ''} failed after ${job.attemptsMade}: ${oneLine(error)}`,
      );
    });
    this.workers.push({ worker: worker as unknown as JobWorker, running });
    return worker;
  }

  /** Jobs of each queue that this process has opened, by state. @throws when the engine does not answer in 2 s */
  async counts(): Promise<Readonly<Record<string, JobCounts>>> {
    const asked = [...this.queues].map(
      async ([name, queue]) => [name, await queue.getJobCounts(...STATES)] as const,
    );
    const answers = await within(Promise.all(asked), COUNT_PATIENCE_MS);
    if (!answers) throw new Error('the job engine does not answer');
    return Object.fromEntries(answers);
  }

  /** See `JobBackend.ensure`. */
  ensure(): Promise<void> {
    return this.backend.ensure();
  }

  /**
   * Takes no further jobs, lets the running ones end, for `limitMs` at most, and lets go of all connections. What did
   * not end is given to another worker when its lock has run out.
   */
  async close(limitMs = 4_000): Promise<void> {
    await Promise.all(this.workers.map(({ worker, running }) => stop(worker, running, limitMs)));
    await within(Promise.all([...this.queues.values()].map((queue) => queue.close())), CLOSE_PATIENCE_MS);
    await within(this.backend.close(), CLOSE_PATIENCE_MS);
  }
}

/** A worker without work waits for its engine, which may be away, no longer than a moment. */
async function stop(worker: JobWorker, running: ReadonlySet<object>, limitMs: number): Promise<void> {
  const paused = worker.pause().then(() => true);
  const begun = performance.now();
  while (running.size > 0 && performance.now() - begun < limitMs) {
    if (await within(paused, Math.min(100, limitMs))) break;
  }
  if (running.size > 0) worker.cancelAllJobs('the process stops');
  await within(paused, CLOSE_PATIENCE_MS);
  await within(worker.close(true), CLOSE_PATIENCE_MS);
}

/** Undefined when it takes longer, or fails. */
async function within<T>(work: Promise<T>, limitMs: number): Promise<T | undefined> {
  const over = new AbortController();
  const late = sleep(limitMs, undefined, { signal: over.signal }).catch(() => undefined);
  try {
    return await Promise.race([work.catch(() => undefined), late]);
  } finally {
    over.abort();
  }
}

/** Redis is away, of which its connection tells. */
function isAway(error: unknown): boolean {
  return AWAY.has(codeOf(error) ?? '') || messageOf(error) === 'Connection is closed.';
}
