import type { Clock } from '#libs/event-log/clock.js';
import type { Count, Counters } from '../counters.js';

/** Counters of one process, by a clock that a test can set. */
export function countedByClock(clock: Clock): Counters {
  return {
    counter: ({ seconds }) => {
      const counts = new Map<string, { used: number; end: number }>();
      return {
        add: async (key, points = 1): Promise<Count> => {
          const now = clock.now();
          const known = counts.get(key);
          const present = known && now < known.end ? known : { used: 0, end: now + seconds * 1_000 };
          present.used += points;
          counts.set(key, present);
          return { used: present.used, msLeft: present.end - now };
        },
        clear: async (key) => void counts.delete(key),
      };
    },
    close: () => undefined,
  };
}
