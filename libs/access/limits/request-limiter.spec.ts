import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Counters } from './counters.js';
import { NAMED_LIMITS, RequestLimiter } from './request-limiter.js';
import { countedByClock } from './testing/counted-by-clock.js';

let now = 0;
let calls = 0;
let shared: Counters;
const clock = { now: () => now };
beforeEach(() => {
  now = Date.parse('2024-03-11T02:00:00Z');
  calls = 0;
  const real = countedByClock(clock);
  const counters = new Map<string, ReturnType<Counters['counter']>>();
  // Instances share a store, and thus the counter of a limit.
  shared = {
    ...real,
    counter: (limit) => {
      const counter = counters.get(limit.name) ?? real.counter(limit);
      counters.set(limit.name, counter);
      return {
        ...counter,
        add: (key, points) => {
          calls += 1;
          return counter.add(key, points);
        },
      };
    },
  };
});

const instance = (account = 100, address = 0): RequestLimiter =>
  new RequestLimiter(shared, { account, address }, clock);
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** How many requests pass, in turn at these instances, before the first that is refused. */
async function passing(...instances: readonly RequestLimiter[]): Promise<number> {
  for (let at = 0; at < 10_000; at += 1) {
    try {
      instances[at % instances.length]?.byAccount('clerk');
    } catch {
      return at;
    }
    await settled();
  }
  return Infinity;
}

describe('limits of requests', () => {
  it('refuse the next one in that minute, and say for how long', async () => {
    const limiter = instance();
    expect(await passing(limiter)).toBe(100);
    now += 20_000;
    expect(() => limiter.byAccount('clerk')).toThrow(
      expect.objectContaining({
        type: 'too-many-requests',
        details: { retryAfter: 40, limit: 'account', quota: 100, window: 60 },
      }),
    );
    expect(() => limiter.byAccount('other')).not.toThrow();
    now += 40_000;
    expect(await passing(limiter)).toBe(100);
  });

  it('hold for all instances together, but for a tenth each', async () => {
    const passed = await passing(instance(), instance(), instance());
    expect(passed).toBeGreaterThanOrEqual(100);
    expect(passed).toBeLessThanOrEqual(130);
  });

  it('ask the store once in a tenth of the limit', async () => {
    await passing(instance(1_000));
    expect(calls).toBe(10);
  });

  it('are none where they are 0', async () => {
    expect(await passing(instance(0))).toBe(Infinity);
    expect(calls).toBe(0);
  });

  it('take the addresses of one /64 together', () => {
    const limiter = instance(0, 10);
    const ask = (n: number): void => limiter.byAddress(`2001:db8::${n.toString(16)}`);
    for (let n = 1; n <= 10; n += 1) ask(n);
    expect(() => ask(11)).toThrow('too-many-requests');
    expect(() => limiter.byAddress('2001:db8:1::1')).not.toThrow();
  });

  it('are exact for a route that has its own', async () => {
    const [first, second] = [instance(), instance()];
    const { points } = NAMED_LIMITS['look-up'];
    for (let at = 0; at < points; at += 1) {
      await (at % 2 ? first : second).byName('look-up', '203.0.113.7');
    }
    await expect(first.byName('look-up', '203.0.113.7')).rejects.toMatchObject({
      type: 'too-many-requests',
      details: { limit: 'look-up' },
    });
    await expect(second.byName('look-up', '203.0.113.8')).resolves.toBeUndefined();
  });
});
