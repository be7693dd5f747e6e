import type { PoolClient } from 'pg';
import type { RecordedEvent } from '#libs/event-log/event-log.js';
import { isTransient } from './errors.js';
import type { ApplyMode, Projection } from './projection.js';
import { inTransaction } from './transaction.js';

export interface FoldResult {
  /** The event that could not be folded, and why. */
  readonly poisoned?: { readonly event: RecordedEvent; readonly error: unknown };
  /** How many events are in the tables now. */
  readonly applied: number;
}

export interface Fold {
  readonly client: PoolClient;
  readonly projection: Projection;
  readonly schema: string;
  readonly mode: ApplyMode;
  readonly begin?: string;
}

/**
 * Folds events in one transaction together with what `before` and `after` do in it. If an event cannot be folded,
 * everything in front of it is, and the result names it; `after` then learns of it in the same transaction.
 * Errors of the database itself are thrown, with nothing done.
 */
export async function foldEvents(
  fold: Fold,
  events: readonly RecordedEvent[],
  step: {
    /** Says which of the events are to be folded; undefined: none, and `after` is left out. */
    before?: () => Promise<readonly RecordedEvent[] | undefined>;
    after?: (result: FoldResult) => Promise<void>;
  } = {},
): Promise<FoldResult> {
  const attempt = (apply: (chosen: readonly RecordedEvent[]) => Promise<FoldResult>): Promise<FoldResult> =>
    inTransaction(
      fold.client,
      async () => {
        const chosen = step.before ? await step.before() : events;
        if (!chosen) return { applied: 0 };
        const result = await apply(chosen);
        await step.after?.(result);
        return result;
      },
      fold.begin,
    );
  let refused = false;
  try {
    return await attempt(async (chosen) => {
      if (chosen.length === 0) return { applied: 0 };
      await fold.projection.apply(fold.client, fold.schema, chosen, fold.mode).catch((error: unknown) => {
        refused = !isTransient(error);
        throw error;
      });
      return { applied: chosen.length };
    });
  } catch (error) {
    if (!refused || isTransient(error)) throw error;
    return attempt((chosen) => applyOneByOne(fold, chosen));
  }
}

/** Slow, and only for a batch that failed: finds the first event that fails alone. */
async function applyOneByOne(fold: Fold, events: readonly RecordedEvent[]): Promise<FoldResult> {
  const { client, projection, schema, mode } = fold;
  for (const [applied, event] of events.entries()) {
    await client.query('SAVEPOINT one');
    try {
      await projection.apply(client, schema, [event], mode);
    } catch (error) {
      if (isTransient(error)) throw error;
      await client.query('ROLLBACK TO SAVEPOINT one');
      return { applied, poisoned: { event, error } };
    }
    await client.query('RELEASE SAVEPOINT one');
  }
  return { applied: events.length };
}
