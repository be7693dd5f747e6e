import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decide } from './spread.js';

describe('the share of a process in the projections', () => {
  it('is everything for a process that is alone', () => {
    const move = decide({ projections: 2, processes: 1, held: [], free: ['report', 'worklist'] });
    expect(move).toEqual({ give: [], take: ['report', 'worklist'], most: 2 });
  });

  it('is one of two for each of two: who has both gives one up, who has none takes it', () => {
    expect(decide({ projections: 2, processes: 2, held: ['report', 'worklist'], free: [] })).toEqual({
      give: ['worklist'],
      take: [],
      most: 0,
    });
    expect(decide({ projections: 2, processes: 2, held: [], free: ['worklist'] })).toEqual({
      give: [],
      take: ['worklist'],
      most: 1,
    });
  });

  it('leaves the third of three processes without one, rather than moving them about', () => {
    expect(decide({ projections: 2, processes: 3, held: ['report'], free: [] }).give).toEqual([]);
    expect(decide({ projections: 2, processes: 3, held: [], free: [] }).most).toBe(1);
  });

  it('counts the one that asks, even if its sign of life is not seen yet', () => {
    expect(decide({ projections: 2, processes: 0, held: [], free: ['report'] }).most).toBe(2);
  });

  it('comes to rest with an owner for each projection and none above its share, whoever comes and goes', () => {
    const changes = fc.array(fc.record({ who: fc.nat(4), alive: fc.boolean() }), { maxLength: 12 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), changes, fc.nat(4), (count, coming, stays) => {
        const names = Array.from({ length: count }, (_, n) => `p${n}`);
        const owner = new Map<string, number>();
        const alive = new Set([stays]);
        const held = (who: number): string[] => names.filter((name) => owner.get(name) === who);
        const look = (who: number): boolean => {
          const free = names.filter((name) => !owner.has(name));
          const around = { projections: count, processes: alive.size, held: held(who), free };
          const { give, take, most } = decide(around);
          for (const name of give) owner.delete(name);
          const taken = take.slice(0, most);
          for (const name of taken) owner.set(name, who);
          return give.length + taken.length > 0;
        };
        for (const { who, alive: lives } of [...coming, { who: stays, alive: true }]) {
          if (lives) alive.add(who);
          else if (who !== stays && alive.delete(who)) held(who).forEach((name) => owner.delete(name));
          for (const each of alive) look(each);
        }
        for (let rounds = 0; [...alive].map(look).includes(true); rounds += 1) {
          expect(rounds).toBeLessThan(3);
        }
        expect(owner.size).toBe(count);
        for (const each of alive) {
          expect(held(each).length).toBeLessThanOrEqual(Math.ceil(count / alive.size));
        }
      }),
    );
  });
});
