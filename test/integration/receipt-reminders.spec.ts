import { existsSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { idOf } from '#libs/event-log/event-log.js';
import type { ReferenceData } from '#libs/reference/reference.events.js';
import {
  type Case,
  type Expected,
  isOfficeHour,
  knownEnd,
  nextOfficeHour,
  overdueOf,
  readCases,
  remindersOf,
} from '../support/replay/counted-by-hand.js';
import {
  demoReminders,
  type LoggedLive,
  RECEIPT,
  RECEIPT_ENDS,
  receiptLoggedLive,
  receiptMapping,
  receiptReference,
} from '../support/replay/receipt.js';
import { ReplayedDesk } from '../support/replay/replayed-desk.js';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis.js';

/** So many of each kind, or `all` 1,434, which takes hours; `npm run test:faults` takes more than the gate. */
const WANTED = process.env['REPLAY_CASES'] ?? '3';
const EACH = WANTED === 'all' ? Infinity : Number(WANTED);
/** From where on cases are taken: a shorter time takes less of it. */
const FROM = WANTED === 'all' ? '2010-09-30T00:00:00.000Z' : '2011-10-01T00:00:00.000Z';
const PATIENCE_MS = WANTED === 'all' ? 6 * 3_600_000 : 240_000 + EACH * 60_000;
const UNTIL = Date.parse(RECEIPT_ENDS);
const DAY_MS = 86_400_000;
const LEAP_MS = 2 * DAY_MS;
const PUNCTUAL_MS = 15 * 60_000;
const STALE_MS = 3 * DAY_MS;

/** The clock went from one instant to the other, and nobody looked between them. */
interface Leap {
  readonly from: number;
  readonly to: number;
}

const CASES = existsSync(RECEIPT) ? sample(readCases()) : [];

if (CASES.length > 0) {
  describeWithRedis(`${CASES.length} cases of receipt.csv, lived through at a real desk`, () => {
    let redis: TestRedis;
    let reference: ReferenceData;
    let events: readonly LoggedLive[];
    let desk: ReplayedDesk;

    beforeAll(async () => {
      redis = await startRedis();
      const mapping = receiptMapping();
      reference = receiptReference(mapping);
      const codes = new Set(CASES.map(({ code }) => code));
      events = (await receiptLoggedLive(mapping, reference)).filter(({ code }) => codes.has(code));
    }, PATIENCE_MS);
    afterEach(() => desk.close());
    afterAll(() => redis.stop());

    it(
      'has everything sent once, in office hours, and each lateness noted at its instant',
      async () => {
        desk = await live('plain');
        expectSent(desk, []);
        await expectNoted(desk);
      },
      PATIENCE_MS,
    );

    it(
      'has the same sum when the queues are emptied and the worker begins anew again and again',
      async () => {
        let faults = 0;
        desk = await live('faults', async (one) => {
          faults += 1;
          await one.loseQueues();
          if (faults % 2 === 0) await one.restart();
        });
        expect(faults).toBeGreaterThan(3 * CASES.length);
        expectSent(desk, []);
        await expectNoted(desk);
      },
      PATIENCE_MS,
    );

    it(
      'has the same sum when the clock leaps two days, but for what was news three days ago',
      async () => {
        const leaps: Leap[] = [];
        desk = await live('leaps', undefined, leaps);
        expect(leaps.length).toBeGreaterThan(3);
        expectSent(desk, leaps);
        await expectNoted(desk);
      },
      PATIENCE_MS,
    );

    /**
     * Lets the clock go from one to the next of what happens and what the queue waits for, at most two days at a time,
     * which is less than the queue's horizon.
     */
    async function live(
      prefix: string,
      fault?: (desk: ReplayedDesk) => Promise<void>,
      leaps?: Leap[],
    ): Promise<ReplayedDesk> {
      desk = await ReplayedDesk.open(FROM, reference, { url: redis.url, prefix });
      let next = 0;
      for (let now = Date.parse(FROM); now < UNTIL;) {
        const rings = (await desk.nextWake()) ?? Infinity;
        const event = events.slice(next).find(({ event: { type } }) => type !== 'ActivityRecorded');
        const happens = event ? Date.parse(event.recordedAt) : Infinity;
        // Nobody looks from just before something is due: nothing else happens meanwhile, and the last leap is over.
        const leaping =
          leaps &&
          rings < UNTIL - LEAP_MS &&
          happens > rings - 1 + LEAP_MS &&
          rings > (leaps.at(-1)?.to ?? 0) + 5 * DAY_MS;
        if (leaping) leaps.push({ from: rings - 1, to: rings - 1 + LEAP_MS });
        now = leaping ? rings - 1 + LEAP_MS : Math.min(UNTIL, happens, rings, now + LEAP_MS);
        const at = new Date(now).toISOString();
        const due = events.slice(next).findIndex(({ recordedAt }) => recordedAt > at);
        const logged = events.slice(next, due < 0 ? undefined : next + due);
        next += logged.length;
        await desk.log(logged);
        await desk.passTo(at);
        if (fault && (rings === now || logged.length > 0)) await fault(desk);
        await desk.settle();
      }
      return desk;
    }

    function expectSent({ arrived }: ReplayedDesk, leaps: readonly Leap[]): void {
      const rules = demoReminders().rules;
      const expected = CASES.flatMap((one) =>
        remindersOf(one, rules, UNTIL).flatMap((reminder) => afterLeaps(reminder, one, leaps)),
      );
      const first = new Map([...arrived].reverse().map((message) => [message.key, message]));
      const got = [...first.values()].map(({ code, reminder: id, arrivedAt: at }): Expected => ({
        code,
        id,
        at,
      }));
      expect(expected.length).toBeGreaterThan(3 * CASES.length);
      expect(sorted(got)).toEqual(sorted(expected));
      expect(arrived.filter(({ arrivedAt }) => !isOfficeHour(arrivedAt))).toEqual([]);
      // A worker that ended in good order repeats nothing.
      expect(arrived).toHaveLength(first.size);
    }

    async function expectNoted(desk: ReplayedDesk): Promise<void> {
      const expected = CASES.flatMap((one) => {
        const at = overdueOf(one, UNTIL);
        return at === null ? [] : [`${one.code} ${at}`];
      });
      const fell = await desk.events('DossierFellOverdue');
      expect(fell.map(({ stream, occurredAt }) => `${idOf(stream)} ${occurredAt}`).sort()).toEqual(
        expected.sort(),
      );
    }
  });
} else {
  process.stdout.write(`${RECEIPT} is not there: its reminders at a real desk are left out of the tests\n`);
}

/** Of cases that ended late, are late, are not due, and ended in time: the first ones that came in. */
function sample(all: readonly Case[]): Case[] {
  const recent = all.filter(({ start }) => start >= Date.parse(FROM)).sort((a, b) => a.start - b.start);
  const kinds: ((one: Case) => boolean)[] = [
    ({ end, due }) => end !== null && end > due,
    ({ end, due }) => end === null && due < UNTIL,
    ({ end, due }) => end === null && due >= UNTIL,
    ({ end, due }) => end !== null && end < due,
  ];
  return kinds.flatMap((kind) => recent.filter(kind).slice(0, EACH));
}

/** A reminder that was swallowed by a leap comes when the office is open again, unless it is no news or holds no more. */
function afterLeaps(reminder: Expected, one: Case, leaps: readonly Leap[]): Expected[] {
  const at = Date.parse(reminder.at);
  const leap = leaps.find(({ from, to }) => from < at && at <= to);
  if (!leap) return [reminder];
  const raised = leap.to - at <= PUNCTUAL_MS ? leap.to : nextOfficeHour(leap.to);
  const stale = raised - at > STALE_MS && !reminder.id.includes('/due/');
  const over = !reminder.id.startsWith('collection/') && raised >= knownEnd(one);
  return stale || over || raised > UNTIL ? [] : [{ ...reminder, at: new Date(raised).toISOString() }];
}

const sorted = (all: readonly Expected[]): string[] =>
  all.map(({ code, id, at }) => `${code} ${id} ${at}`).sort();
