import { type EventLog, streamName, WrongExpectedRevision } from '#libs/event-log/event-log.js';
import { DOSSIER_CATEGORY, type DossierEvent } from '../dossier.events.js';
import { readDossier } from './read-dossier.js';

const KEPT_DAYS = 1_000;

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

/**
 * Gives dossiers the next code of their unit and day: unique, and without gaps. The log itself is the counter: code
 * n is taken when its stream exists, and n + 1 is tried only after n exists. In one process one dossier of a unit
 * and day is opened after another; between processes the log lets one writer win, and the other goes on to the next.
 */
export class CodeSequence {
  /** By unit and day the next number, once the call before is done; undefined: look it up. */
  private readonly next = new Map<string, Promise<number | undefined>>();

  constructor(private readonly log: EventLog) {}

  /**
   * Calls `open` with codes in turn until it appends the first event of one. `open` must append with `no_stream`
   * and let WrongExpectedRevision through: that code is taken if the error says where its stream is.
   */
  async take<T>(day: CodeDay, open: (code: string) => Promise<T>): Promise<T> {
    const key = codeOf(day, 0);
    const before = this.next.get(key);
    let release!: (n: number | undefined) => void;
    this.next.delete(key);
    this.next.set(key, new Promise((resolve) => (release = resolve)));
    this.forgetOldDays();
    let n: number | undefined;
    try {
      n = (await before) ?? (await this.firstFree(day));
      for (;;) {
        try {
          const result = await open(codeOf(day, n));
          n += 1;
          return result;
        } catch (error) {
          if (!(error instanceof WrongExpectedRevision) || error.actual === undefined) throw error;
          n += 1;
        }
      }
    } finally {
      release(n);
    }
  }

  /** The dossiers of that day from the last code to the first. */
  async *backwards(day: CodeDay): AsyncIterable<{ code: string; events: DossierEvent[] }> {
    for (let n = (await this.firstFree(day)) - 1; n > 0; n -= 1) {
      const code = codeOf(day, n);
      yield { code, events: await readDossier(this.log, code) };
    }
  }

  /** The first number not taken. Looks at about 2 log2(n) streams. */
  private async firstFree(day: CodeDay): Promise<number> {
    let taken = 0;
    let free = 1;
    while (await this.exists(codeOf(day, free))) {
      taken = free;
      free *= 2;
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
    for (const key of this.next.keys()) {
      if (this.next.size <= KEPT_DAYS) return;
      this.next.delete(key);
    }
  }
}
