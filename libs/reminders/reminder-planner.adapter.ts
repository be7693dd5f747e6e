import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { type Clock, isoNow } from '#libs/event-log/clock.js';
import type { LiveUpdates } from '#libs/live/live-updates.js';
import type { ReferenceData } from '#libs/reference/reference.events.js';
import { codeOf } from '#libs/read-db/data-folder.adapter.js';
import { basisFor } from './basis.js';
import type { Parcel } from './deliver.js';
import { lookAt, type NextLook, type PlanBasis } from './plan.js';
import { NEVER, type ReminderQueue, type Wake } from './reminder-queue.adapter.js';
import type { Watched } from './watched.js';
import { revived, type StoredWatched } from './watched.projection.js';

export interface PlannerParts {
  readonly pool: Pool;
  readonly queue: ReminderQueue;
  readonly reference: ReferenceData;
  readonly clock: Clock;
  readonly live: LiveUpdates;
  readonly onError: (error: unknown) => void;
  readonly onReplanned: (replanned: Replanned) => void;
}

export interface Replanned {
  /** Dossiers of which anything may still have to be said. */
  readonly open: number;
  readonly added: number;
  readonly removed: number;
  /** Messages that had not left; those that were lost lie in their queue again. */
  readonly pending: number;
}

const PAGE = 1_000;
/** A message of the read model's move may get lost. */
const LOOK_AGAIN_MS = 1_000;

/** Dossiers that are planned in one go, some milliseconds. */
const AT_ONCE = 50;

/** Puts into the queues what follows from what is watched: for dossiers as they change, and for all of them. */
export class ReminderPlanner {
  private isOutdated = true;

  constructor(private readonly parts: PlannerParts) {}

  /** Compares the queue with the plan of every open dossier, and mends the difference. */
  async replan(signal?: AbortSignal): Promise<Replanned> {
    const { pool, queue } = this.parts;
    const left = await queue.lyingWakes();
    const lying = new Set(left);
    let [open, added, pending] = [0, 0, 0];
    let after = '';
    for (;;) {
      signal?.throwIfAborted();
      const { rows } = await pool.query<{ code: string; watched: StoredWatched }>(
        'SELECT code, watched FROM reminders.watched WHERE open AND code > $1 ORDER BY code LIMIT $2',
        [after, PAGE],
      );
      const watched = rows.map((row) => revived(row.watched));
      const parcels = watched.flatMap(parcelsOf);
      const { wanted, added: more, overdue } = await queue.replaceWakes(await this.wakesOf(watched), lying);
      await queue.promote(overdue);
      for (const id of wanted) left.delete(id);
      await queue.addDeliveries(parcels);
      [open, added, pending] = [open + rows.length, added + more, pending + parcels.length];
      const last = rows.at(-1);
      if (!last || rows.length < PAGE) break;
      after = last.code;
    }
    const removed = await queue.removeWakes([...left]);
    return { open, added, removed, pending };
  }

  /** Has everything planned anew by `follow`, as after the queue was emptied. */
  replanSoon(): void {
    this.isOutdated = true;
  }

  /**
   * Plans everything at the beginning, whenever reference data changed, and when it is asked to; and dossiers as they
   * change, until the signal. What fails is told and tried again.
   */
  async follow(signal: AbortSignal): Promise<void> {
    const { live, onError, onReplanned, reference } = this.parts;
    let moved = new AbortController();
    const unsubscribe = live.subscribe(({ projection }) => {
      if (projection === 'reminders') moved.abort();
    });
    let [from, versions] = [0n, -1];
    try {
      while (!signal.aborted) {
        moved = new AbortController();
        try {
          const published = versionsIn(reference);
          if (this.isOutdated || published !== versions) {
            this.isOutdated = false;
            // Again, if it fails.
            versions = -1;
            const head = await this.head();
            onReplanned(await this.replan(signal));
            [from, versions] = [head, published];
          }
          from = await this.planSince(from, signal);
        } catch (error) {
          if (!signal.aborted && !isNotYetThere(error)) onError(error);
        }
        const woken = AbortSignal.any([signal, moved.signal]);
        await sleep(LOOK_AGAIN_MS, undefined, { signal: woken }).catch(() => undefined);
      }
    } finally {
      unsubscribe();
    }
  }

  /** @returns up to where it has planned */
  private async planSince(from: bigint, signal: AbortSignal): Promise<bigint> {
    const { pool, queue } = this.parts;
    for (;;) {
      signal.throwIfAborted();
      const { rows } = await pool.query<{ position: string; watched: StoredWatched }>(
        'SELECT position, watched FROM reminders.watched WHERE position > $1 ORDER BY position LIMIT $2',
        [String(from), PAGE],
      );
      const last = rows.at(-1);
      if (!last) return from;
      const watched = rows.map((row) => revived(row.watched));
      await queue.setWakes(await this.wakesOf(watched));
      await queue.addDeliveries(watched.flatMap(parcelsOf));
      from = BigInt(last.position);
    }
  }

  private async head(): Promise<bigint> {
    const { rows } = await this.parts.pool.query<{ head: string }>(
      'SELECT coalesce(max(position), 0)::text AS head FROM reminders.watched',
    );
    return BigInt(rows[0]?.head ?? 0);
  }

  /** One dossier that cannot be planned holds up no other. */
  private async wakesOf(all: readonly Watched[]): Promise<Wake[]> {
    const now = isoNow(this.parts.clock);
    const bases = new Map<string, PlanBasis>();
    const wakes: Wake[] = [];
    for (const [n, watched] of all.entries()) {
      const { code, desk } = watched.row;
      try {
        const basis = bases.get(desk) ?? basisFor(desk, now, this.parts.reference);
        bases.set(desk, basis);
        wakes.push({ code, ...wakeOf(watched, basis, now) });
      } catch (error) {
        const reason = error instanceof Error ? error.message : 'unexpected error';
        this.parts.onError(new Error(`${code} cannot be planned: ${reason}`));
      }
      // Others in this process want to live, too.
      if (n % AT_ONCE === AT_ONCE - 1) await setImmediate();
    }
    return wakes;
  }
}

/** When the dossier is to be looked at; now where something is due already. */
function wakeOf(watched: Watched, basis: PlanBasis, now: string): NextLook | typeof NEVER {
  const { due, overdue, next } = lookAt(watched, basis, now);
  const [at] = [...due.map((reminder) => reminder.at), ...overdue].sort();
  return at === undefined ? (next ?? NEVER) : { at, deadline: overdue.length > 0 };
}

/** Versions are only added. */
function versionsIn(reference: ReferenceData): number {
  return Object.values(reference.all()).reduce((sum, versions) => sum + versions.length, 0);
}

/** The read model was never built. */
const isNotYetThere = (error: unknown): boolean => codeOf(error) === '42P01';

const parcelsOf = ({ row: { code }, pending }: Watched): Parcel[] =>
  pending.map((parcel) => ({ code, ...parcel }));
