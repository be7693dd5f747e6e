import {
  type AppendResult,
  type EventLog,
  type NewEvent,
  streamName,
  WrongExpectedRevision,
} from '#libs/event-log/event-log.js';
import { Gathering } from '#libs/read-db/gathering.js';
import { DOSSIER_CATEGORY } from '../dossier.events.js';

const KEPT_DAYS = 1_000;
const TOGETHER_MS = 1;

/** A unit's codes of one day: `{unit}-{yymmdd}-{daily sequence}`. */
export interface CodeDay {
  readonly unit: string;
  /** Date of the desk, `YYYY-MM-DD`. */
  readonly date: string;
  /** Digits of the sequence; a longer number is written in full. */
  readonly digits: number;
}

export function codeOf({ unit, date, digits }: CodeDay, n: number): string {
  return `${unit}-${date.slice(2).replaceAll('-', '')}-${String(n).padStart(digits, '0')}`;
}

/** Makes the first events of a dossier once its code is known. */
type FirstEvents = (code: string) => readonly NewEvent[];

export interface Opened {
  readonly code: string;
  readonly result: AppendResult;
}

/**
 * Gives dossiers the next code of their unit and day: unique, and without gaps. The log itself is the counter: code
 * n is taken when its stream exists, and n + 1 is appended only after n exists. Dossiers of a unit and day that come
 * at the same time are appended in turn, in one call; between processes the log lets one writer win, and the other
 * looks how far the numbers are.
 */
export class CodeSequence {
  private readonly days = new Map<string, Gathering<FirstEvents, Opened | WrongExpectedRevision>>();

  constructor(private readonly log: EventLog) {}

  /**
   * Opens a dossier under the next code.
   * @throws WrongExpectedRevision if its events stand in another stream already
   * @throws LogUnavailable if it is not known whether it was opened
   */
  async open(day: CodeDay, events: FirstEvents): Promise<Opened> {
    const key = codeOf(day, 0);
    let sequence = this.days.get(key);
    if (!sequence) {
      sequence = this.sequenceOf(day);
      this.days.set(key, sequence);
      this.forgetOldDays();
    }
    const opened = await sequence.run(events);
    if (opened instanceof WrongExpectedRevision) throw opened;
    return opened;
  }

  private sequenceOf(day: CodeDay): Gathering<FirstEvents, Opened | WrongExpectedRevision> {
    /** The last number known to be taken. */
    let taken = 0;
    /** Whether the one after it was free just now. */
    let fresh = false;
    return new Gathering(async (all) => {
      const results: (Opened | WrongExpectedRevision)[] = [];
      while (results.length < all.length) {
        const n: number = fresh ? taken + 1 : await this.firstFree(day, taken);
        fresh = false;
        const waiting = all.slice(results.length).map((events, k) => ({ code: codeOf(day, n + k), events }));
        const { done, refused } = await this.log.appendInTurn(
          waiting.map(({ code, events }) => ({
            stream: streamName(DOSSIER_CATEGORY, code),
            expected: 'no_stream',
            events: events(code),
          })),
        );
        for (const [k, result] of done.entries()) results.push({ code: codeOf(day, n + k), result });
        // Refused where the stream exists: another process has that number, once it can be read. Until then it may still
        // be lost with the server that told of it, and the number after it would leave a gap.
        const lost = refused?.actual !== undefined;
        taken = n - 1 + done.length;
        // Others may be far ahead and go on: who went one number further each time would never catch up.
        fresh = !lost;
        if (refused && !lost) results.push(refused);
      }
      return results;
    }, TOGETHER_MS);
  }

  /** The first number not taken, beyond one that is. Looks at about 2 log2(n) streams, n being how much further. */
  private async firstFree(day: CodeDay, known = 0): Promise<number> {
    let taken = known;
    let free = known + 1;
    for (let step = 1; await this.exists(codeOf(day, free)); step *= 2) {
      taken = free;
      free += step;
    }
    while (free - taken > 1) {
      const middle = Math.floor((taken + free) / 2);
      if (await this.exists(codeOf(day, middle))) taken = middle;
      else free = middle;
    }
    return free;
  }

  private async exists(code: string): Promise<boolean> {
    for await (const _ of this.log.readStream(streamName(DOSSIER_CATEGORY, code), { limit: 1 })) return true;
    return false;
  }

  private forgetOldDays(): void {
    for (const key of this.days.keys()) {
      if (this.days.size <= KEPT_DAYS) return;
      this.days.delete(key);
    }
  }
}
