import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Projections } from '#apps/worker/projections.js';
import { startReminders } from '#apps/worker/reminders.js';
import type { Account } from '#libs/access/accounts/account.js';
import type { Role } from '#libs/access/principal.js';
import type { EventLog } from '#libs/event-log/event-log.js';
import { type Backend, BACKENDS, openEngine, startRedis } from './job-backends.js';
import { CLOSING, logOpenDossiers, openDesk, type OpenShape, ShiftedClock } from './open-dossiers.js';
import { percentile, round, withFolder } from './support.js';

const PORT = 3_915;
const WINDOW_MS = 60_000;
const LONGEST_MS = 10 * 60_000;

/**
 * From the due instant to the append of `DossierFellOverdue`, by a worker that also keeps all read models and raises the
 * reminders of that hour: all due at the closing of the office, and spread over the minute before.
 */
export async function benchDelay(size: 'short' | 'full'): Promise<object> {
  const [dossiers, days, leadMs] = size === 'full' ? [100_000, 50, 90_000] : [2_000, 20, 15_000];
  const results: Record<string, object> = {};
  for (const backend of BACKENDS) {
    const at = (withinMs: number) => measure(backend, { dossiers, days, withinMs }, withinMs + leadMs);
    results[backend] = { atClosing: await at(0), spreadOverOneMinute: await at(WINDOW_MS) };
  }
  return { open: dossiers, fallingDue: dossiers / days, ...results };
}

async function measure(backend: Backend, shape: OpenShape, leadMs: number): Promise<object> {
  return withFolder(async (folder) => {
    const clock = new ShiftedClock();
    const desk = await openDesk(join(folder, 'data'), clock);
    const redis = await startRedis(join(folder, 'redis'), PORT);
    const { platform, reference } = desk;
    const engine = await openEngine(
      backend === 'redis' ? PORT : (platform.pool.options.connectionString ?? ''),
    );
    const projections = new Projections(platform);
    const told: string[] = [];
    try {
      await logOpenDossiers(desk, shape);
      projections.start();
      await caughtUp(projections);
      const delays: number[] = [];
      let looks = 0;
      const log = watching(platform.log, (stream, dueAts) => {
        if (stream.startsWith('reminder-')) looks += 1;
        else for (const dueAt of dueAts) delays.push(clock.now() - Date.parse(dueAt));
      });
      clock.set(CLOSING - leadMs);
      const reminders = startReminders({
        ...{ engine, reference, accounts: { all: STAFF }, channels: [] },
        platform: { ...platform, log },
        notice: (line) => told.push(line),
      });
      try {
        const { open } = await reminders.planner.replan();
        if (open !== shape.dossiers) throw new Error(`${open} of ${shape.dossiers} are watched`);
        const readyMs = CLOSING - shape.withinMs - clock.now();
        if (readyMs <= 0) throw new Error('all was planned too late: more time is needed before');
        const due = shape.dossiers / shape.days;
        while (delays.length < due && clock.now() < CLOSING + LONGEST_MS) await sleep(100);
        const lastMs = Math.max(...delays);
        if (delays.length !== due) throw new Error(`${delays.length} of ${due}: ${told.join('; ')}`);
        const [p50Ms, p99Ms] = [0.5, 0.99].map((share) => round(percentile(delays, share)));
        return { dossiers: due, p50Ms, p99Ms, maxMs: round(lastMs), reminderAppends: looks, readyMs };
      } finally {
        await reminders.close();
      }
    } finally {
      await engine.close();
      await projections.stop();
      redis.kill();
      await platform.close();
    }
  });
}

/** The log, telling of each append when it is there, with the due instants that it notes to have passed. */
function watching(log: EventLog, appended: (stream: string, dueAts: string[]) => void): EventLog {
  return new Proxy(log, {
    get: (target, name) => {
      const own: unknown = Reflect.get(target, name);
      if (typeof own !== 'function') return own;
      if (name !== 'append') return own.bind(target) as unknown;
      return async (...given: Parameters<EventLog['append']>) => {
        const result = await target.append(...given);
        const [stream, , events] = given;
        const fell = events.filter(({ type }) => type === 'DossierFellOverdue');
        appended(
          stream,
          fell.map(({ data }) => data['dueAt'] as string),
        );
        return result;
      };
    },
  });
}

async function caughtUp(projections: Projections): Promise<void> {
  for (;;) {
    const states = await projections.status();
    if (states.every(({ status, lagEvents }) => status === 'live' && lagEvents === 0)) return;
    await sleep(200);
  }
}

const STAFF: ReadonlyMap<string, Account> = new Map(
  [
    ...Array.from({ length: 40 }, (_, n) => person(`official-${n}`, 'official')),
    ...Array.from({ length: 20 }, (_, n) => person(`clerk-${n}`, 'clerk')),
    person('supervisor-1', 'supervisor'),
  ].map((account) => [account.id, account]),
);

function person(id: string, role: Role): Account {
  return {
    ...{ id, kind: 'person', demo: false, delegations: [], tokens: [] },
    grants: [{ role, units: ['H54.12'] }],
    openedAt: '2020-01-01T00:00:00.000Z',
  };
}
