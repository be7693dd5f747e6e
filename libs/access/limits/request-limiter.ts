import type { Clock } from '#libs/event-log/clock.js';
import type { Count, Counter, Counters, Limit } from './counters.js';
import { sourceOf } from './source-address.js';
import { tooMany } from './too-many.js';

/** Requests in a minute; 0 for any number. */
export interface RequestRates {
  readonly account: number;
  readonly address: number;
}

/** Routes that have a limit of their own, by address (`@Limited`). */
export const NAMED_LIMITS = {
  'look-up': { name: 'look-up', points: 30, seconds: 60 },
  /** More, since a whole office may come from one address. */
  'calendar-feed': { name: 'calendar-feed', points: 120, seconds: 60 },
} as const satisfies Record<string, Limit>;
export type LimitName = keyof typeof NAMED_LIMITS;

export const REQUEST_LIMITER = Symbol('RequestLimiter');

const MINUTE = 60;

/**
 * Refuses whoever asks too often, with all instances together. A request costs no way to a store: each process counts
 * in its memory, adds a tenth of the limit to what is shared whenever it has counted one, and does not wait for that.
 * So n instances let through at most about n tenths more than the limit. Only routes with a limit of their own, which
 * are asked seldom, are counted in the store each time.
 */
export class RequestLimiter {
  private readonly accounts: CountedHere | undefined;
  private readonly addresses: CountedHere | undefined;
  private readonly named = new Map<LimitName, Counter>();

  constructor(
    private readonly counters: Counters,
    limits: RequestRates,
    clock: Clock,
  ) {
    const minutely = (name: string, points: number): CountedHere | undefined =>
      points === 0 ? undefined : new CountedHere(counters, { name, points, seconds: MINUTE }, clock);
    this.accounts = minutely('account', limits.account);
    this.addresses = minutely('address', limits.address);
  }

  /** @throws Problem `too-many-requests` */
  byAccount(account: string): void {
    this.accounts?.hit(account);
  }

  /** @throws Problem `too-many-requests` */
  byAddress(address: string): void {
    this.addresses?.hit(sourceOf(address));
  }

  /** @throws Problem `too-many-requests` */
  async byName(name: LimitName, address: string): Promise<void> {
    const limit = NAMED_LIMITS[name];
    let counter = this.named.get(name);
    if (!counter) this.named.set(name, (counter = this.counters.counter(limit)));
    const count = await counter.add(sourceOf(address));
    if (count.used > limit.points) throw tooMany('too-many-requests', limit, count);
  }
}

interface Present {
  used: number;
  end: number;
  /** Others have used up the rest. */
  full: boolean;
}

/** Counts in this process, and now and then together with the others. */
class CountedHere {
  private readonly counts = new Map<string, Present>();
  private readonly shared: Counter;
  /** How many requests are told to the others at a time. */
  private readonly step: number;
  private sweptAt = 0;

  constructor(
    counters: Counters,
    private readonly limit: Limit,
    private readonly clock: Clock,
  ) {
    this.shared = counters.counter(limit);
    this.step = Math.max(1, Math.floor(limit.points / 10));
  }

  hit(key: string): void {
    const now = this.clock.now();
    const present = this.presentOf(key, now);
    present.used += 1;
    if (present.full || present.used > this.limit.points) {
      throw tooMany('too-many-requests', this.limit, { used: present.used, msLeft: present.end - now });
    }
    if (present.used % this.step === 0) void this.tell(key, present);
  }

  private async tell(key: string, present: Present): Promise<void> {
    const all: Count = await this.shared.add(key, this.step);
    if (all.used <= this.limit.points) return;
    present.full = true;
    present.end = this.clock.now() + all.msLeft;
  }

  private presentOf(key: string, now: number): Present {
    const known = this.counts.get(key);
    if (known && now < known.end) return known;
    this.sweep(now);
    const present = { used: 0, end: now + this.limit.seconds * 1_000, full: false };
    this.counts.set(key, present);
    return present;
  }

  private sweep(now: number): void {
    if (now - this.sweptAt < this.limit.seconds * 1_000) return;
    this.sweptAt = now;
    for (const [key, { end }] of this.counts) if (end <= now) this.counts.delete(key);
  }
}
