import type { ReferenceData } from '#libs/reference/reference.events.js';
import { raiseDue } from '#libs/reminders/raise.js';
import { dossierStream } from '#libs/import/write-dossiers.js';
import { MemoryLog } from './memory-log.js';
import type { LoggedLive } from './receipt.js';

/**
 * Goes through the events with a clock of its own, from one event to the next and from one wake to the next, and looks
 * at the dossier that it is about. At the same instant an event comes first.
 * @param until where the clock stops, in UTC
 */
export async function simulate(
  events: readonly LoggedLive[],
  reference: ReferenceData,
  until: string,
): Promise<{ log: MemoryLog; looks: number }> {
  let now = '';
  const clock = { now: () => Date.parse(now) };
  const log = new MemoryLog(clock);
  const wakes = new Wakes();
  const parts = { log: log.port, reference, clock, channels: [], accounts: { all: new Map() } };
  let looks = 0;
  const look = async (code: string): Promise<void> => {
    wakes.set(code, (await raiseDue(parts, code))?.at ?? null);
    looks += 1;
  };
  const wakeUntil = async (last: string, inclusive: boolean): Promise<void> => {
    for (
      let next = wakes.next();
      next && (inclusive ? next.at <= last : next.at < last);
      next = wakes.next()
    ) {
      now = next.at;
      wakes.set(next.code, null);
      await look(next.code);
    }
  };
  for (const { code, event, recordedAt } of events) {
    await wakeUntil(recordedAt, false);
    now = recordedAt;
    await log.append(dossierStream(code), 'any', [event]);
    await look(code);
  }
  await wakeUntil(until, true);
  return { log, looks };
}

/** When each dossier is to be looked at next; a wake that was moved stays where it was and is passed over. */
class Wakes {
  private readonly at = new Map<string, string>();
  private readonly sorted: { at: string; code: string }[] = [];

  set(code: string, at: string | null): void {
    if (at === null) this.at.delete(code);
    else if (this.at.get(code) !== at) {
      this.at.set(code, at);
      this.sorted.splice(this.place(at), 0, { at, code });
    }
  }

  next(): { at: string; code: string } | undefined {
    for (let first = this.sorted.at(-1); first; first = this.sorted.at(-1)) {
      if (this.at.get(first.code) === first.at) return first;
      this.sorted.pop();
    }
    return undefined;
  }

  /** The latest come first, so that the next one is taken from the end. */
  private place(at: string): number {
    let [low, high] = [0, this.sorted.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.sorted[middle]?.at ?? '') > at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
