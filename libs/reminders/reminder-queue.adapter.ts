import type { Pool } from 'pg';
import { type Clock, isoNow } from '#libs/event-log/clock.js';
import type { JobEngine, JobQueue } from '#libs/jobs/job-engine.adapter.js';
import type { ReminderMeter } from '#libs/telemetry/reminder-meter.js';
import { keyOf, type Parcel } from './deliver.js';

/** Dossiers that are to be looked at. */
export const WAKES = 'reminders';
/** Messages that are to leave. */
export const DELIVERIES = 'deliveries';

/** How far ahead the queue holds what is to come: its memory grows with that, not with all that is open. */
export const HORIZON_MS = 3 * 86_400_000;

/** `at`: what the job was planned for. */
export interface WakeJob {
  readonly code: string;
  readonly at: string;
}

export interface Wake {
  readonly code: string;
  /** ISO 8601 in UTC; null: there is nothing to come. */
  readonly at: string | null;
  /** Goes before the others that are to be looked at. */
  readonly deadline: boolean;
}

export const NEVER = { at: null, deadline: false } as const;

/** About four hours of attempts: half a minute, one, two, … apart. */
const DELIVERY_RETRIES = { attempts: 10, backoff: { type: 'exponential', delay: 30_000, jitter: 0.5 } };
const LOOK = 'look';
/** For about an hour, in which nothing else would bring it back: then all is planned anew. */
const LOOK_RETRIES = { attempts: 120, backoff: { type: 'fixed', delay: 30_000, jitter: 0.5 } };
const PAGE = 1_000;

/**
 * What of the plan lies in the queues. A wake is a job whose id is the dossier and the instant, so that putting it there
 * twice is putting it there once, and one that is outdated can be taken away; if it comes all the same, nothing is due.
 */
export class ReminderQueue {
  readonly wakes: JobQueue<WakeJob>;
  readonly deliveries: JobQueue<Parcel>;

  constructor(
    engine: JobEngine,
    private readonly pool: Pool,
    private readonly clock: Clock,
    private readonly meter?: ReminderMeter,
  ) {
    this.wakes = engine.queue(WAKES);
    this.deliveries = engine.queue(DELIVERIES);
  }

  /** Sets, moves or removes the wakes of these dossiers. */
  async setWakes(wakes: readonly Wake[]): Promise<void> {
    if (wakes.length === 0) return;
    const until = this.horizon();
    const known = await this.known(wakes.map(({ code }) => code));
    const added: Wake[] = [];
    const outdated: string[] = [];
    for (const wake of wakes.map((one) => within(until, one))) {
      const { code, at: wanted } = wake;
      const before = known.get(code);
      if (before === wanted || (before === undefined && wanted === null)) continue;
      if (before !== undefined) outdated.push(idOf(code, before));
      added.push(wake);
    }
    await this.add(added);
    await Promise.all(outdated.map((id) => this.wakes.remove(id)));
    await this.note(added);
  }

  /** @param parcels those that are there already stay as they are */
  async addDeliveries(parcels: readonly Parcel[]): Promise<void> {
    const jobs = parcels.map((parcel) => ({
      name: 'deliver',
      data: parcel,
      opts: { jobId: keyOf(parcel), removeOnComplete: true, removeOnFail: true, ...DELIVERY_RETRIES },
    }));
    if (jobs.length > 0) await this.deliveries.addBulk(jobs);
  }

  /** Ids of all wakes that lie in the queue now. */
  async lyingWakes(): Promise<Set<string>> {
    const ids = new Set<string>();
    for (const state of ['delayed', 'waiting', 'prioritized', 'active'] as const) {
      for (let from = 0; ; from += PAGE) {
        const jobs = await this.wakes.getJobs([state], from, from + PAGE - 1);
        for (const { id, name } of jobs) if (id !== undefined && name === LOOK) ids.add(id);
        // Those that have gone meanwhile are left out of a page.
        if (jobs.length === 0) break;
      }
    }
    return ids;
  }

  /**
   * Puts these wakes there, whatever is noted of them.
   * @returns ids of what should lie there, and of those among them that lay there and are due
   */
  async replaceWakes(
    wakes: readonly Wake[],
    lying: ReadonlySet<string>,
  ): Promise<{ wanted: string[]; added: number; overdue: string[] }> {
    const until = this.horizon();
    const due = wakes.map((one) => within(until, one));
    const missing = due.filter(({ code, at }) => at !== null && !lying.has(idOf(code, at)));
    await this.add(missing);
    await this.note(due);
    const now = isoNow(this.clock);
    const ids = due.flatMap(({ code, at }) => (at === null ? [] : [{ id: idOf(code, at), at }]));
    return {
      wanted: ids.map(({ id }) => id),
      added: missing.length,
      overdue: ids.filter(({ id, at }) => at <= now && lying.has(id)).map(({ id }) => id),
    };
  }

  /** Lets these be looked at now, though the queue's own clock would wait. */
  async promote(ids: readonly string[]): Promise<void> {
    await Promise.all(
      ids.map(async (id) => {
        const job = await this.wakes.getJob(id);
        // A worker may take it in this moment, which is as good.
        if (job && (await job.isDelayed())) await job.promote().catch(() => undefined);
      }),
    );
  }

  /** Takes these away, but for those that were put there again meanwhile. @returns how many */
  async removeWakes(ids: readonly string[]): Promise<number> {
    const known = await this.known(ids.map(codeIn));
    const outdated = ids.filter((id) => {
      const at = known.get(codeIn(id));
      return at === undefined || idOf(codeIn(id), at) !== id;
    });
    await Promise.all(outdated.map((id) => this.wakes.remove(id)));
    return outdated.length;
  }

  private async add(wakes: readonly Wake[]): Promise<void> {
    const now = this.clock.now();
    const jobs = wakes.flatMap(({ code, at, deadline }) =>
      at === null
        ? []
        : [
            {
              name: LOOK,
              data: { code, at },
              opts: {
                jobId: idOf(code, at),
                delay: Math.max(0, Date.parse(at) - now),
                // Those without a priority go before those that have one.
                ...(deadline ? {} : { priority: 1 }),
                removeOnComplete: true,
                removeOnFail: true,
                ...LOOK_RETRIES,
              },
            },
          ],
    );
    if (jobs.length === 0) return;
    await this.wakes.addBulk(jobs);
    this.meter?.planned(jobs.length);
  }

  private async known(codes: readonly string[]): Promise<Map<string, string>> {
    const { rows } = await this.pool.query<{ code: string; at: string }>(
      'SELECT code, at FROM reminder_queue.wakes WHERE code = ANY($1)',
      [codes],
    );
    return new Map(rows.map(({ code, at }) => [code, at]));
  }

  private async note(wakes: readonly Wake[]): Promise<void> {
    const gone = wakes.filter(({ at }) => at === null).map(({ code }) => code);
    const set = wakes.filter(({ at }) => at !== null);
    await this.pool.query(
      `WITH gone AS (DELETE FROM reminder_queue.wakes WHERE code = ANY($1))
       INSERT INTO reminder_queue.wakes SELECT * FROM unnest($2::text[], $3::timestamptz[])
       ON CONFLICT (code) DO UPDATE SET at = excluded.at WHERE wakes.at <> excluded.at`,
      [gone, set.map(({ code }) => code), set.map(({ at }) => at)],
    );
  }

  private horizon(): string {
    return isoNow({ now: () => this.clock.now() + HORIZON_MS });
  }
}

const within = (until: string, { code, at, deadline }: Wake): Wake =>
  at !== null && at <= until ? { code, at, deadline } : { code, ...NEVER };

/** Without the sign that BullMQ keeps for itself. */
function idOf(code: string, at: string): string {
  return `${encodeURIComponent(code)}@${Date.parse(at)}`;
}

const codeIn = (id: string): string => decodeURIComponent(id.slice(0, id.indexOf('@')));
