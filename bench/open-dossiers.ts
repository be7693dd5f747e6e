import { join } from 'node:path';
import { v5 as uuidV5 } from 'uuid';
import { openPlatform, type Platform } from '#apps/platform/open-platform.js';
import { projectRoot } from '#apps/platform/project-root.js';
import { type Calendar, compileCalendar } from '#libs/calendar/compile-calendar.js';
import { DAY_MS } from '#libs/calendar/instants.js';
import { type Clock, systemClock } from '#libs/event-log/clock.js';
import { type RecordedEvent, streamName } from '#libs/event-log/event-log.js';
import { bodyHash, FIRST_HASH, linkHash } from '#libs/event-log/hash.js';
import { loadDirectory } from '#libs/reference/load-config.adapter.js';
import { publishAll } from '#libs/reference/publish-all.js';
import type { ReferenceData } from '#libs/reference/reference.events.js';
import { ReferenceStore } from '#libs/reference/reference-store.js';
import { inBatches } from './synthetic-log.js';

const NAMESPACE = '6d5c3f0e-6a55-4d0e-8a4f-0d6d2b7c9f11';
const DESK = 'H54.12';
/** A Wednesday with working weeks around it; the office closes at 17:00. */
export const TODAY = '2027-03-10';
export const CLOSING = Date.parse(`${TODAY}T17:00:00+07:00`);
/** The office opens again. */
const AFTERNOON = CLOSING - 3.5 * 3_600_000;
const BY = { actor: 'bench', correlationId: 'bench', causationId: 'bench' };

export interface OpenShape {
  readonly dossiers: number;
  /** Working days from today on which they fall due, as many on each; all were given that long, and none is late. */
  readonly days: number;
  /** Before the closing, within which they fall due. 0: at the closing itself. */
  readonly withinMs: number;
}

/** A clock that goes as fast as any other one, and can be set. */
export class ShiftedClock implements Clock {
  private shift = 0;

  now(): number {
    return systemClock.now() + this.shift;
  }

  set(ms: number): void {
    this.shift = ms - systemClock.now();
  }
}

export interface Desk {
  readonly platform: Platform;
  readonly reference: ReferenceData;
}

/** The demonstration's desk, calendar and rules of reminders, in an empty log with its own database, in the afternoon. */
export async function openDesk(dataFolder: string, clock: ShiftedClock): Promise<Desk> {
  const platform = await openPlatform({ dataFolder, databaseUrl: undefined, clock });
  clock.set(AFTERNOON);
  const store = new ReferenceStore(platform.log, clock);
  await publishAll(store, await loadDirectory(join(projectRoot, 'config/demo')), BY);
  return { platform, reference: store.data };
}

/** Writes them into the log, all recorded today: reminders of before are not made up for. */
export async function logOpenDossiers({ platform, reference }: Desk, shape: OpenShape): Promise<void> {
  const calendar = compileCalendar(reference.calendar('vn', TODAY)!.definition);
  for (const batch of inBatches(openDossiers(calendar, shape), 5_000)) await platform.rawLog.restore(batch);
  await platform.pool.query('VACUUM ANALYZE event_log.events');
}

function* openDossiers(
  calendar: Calendar,
  { dossiers, days, withinMs }: OpenShape,
): Generator<RecordedEvent> {
  const due = workedDays(calendar, days, 1);
  const accepted = workedDays(calendar, days, -1).reverse();
  const eachDay = Math.ceil(dossiers / days);
  const recordedAt = new Date(AFTERNOON).toISOString();
  for (let n = 0; n < dossiers; n += 1) {
    const early = Math.round((withinMs * Math.floor(n / days)) / eachDay);
    const at = (day: number): string =>
      new Date(calendar.zone.toInstant(day * DAY_MS + 17 * 3_600_000 - early)).toISOString();
    const code = `${DESK}-270101-${String(n).padStart(7, '0')}`;
    const event = {
      ...{ id: uuidV5(code, NAMESPACE), type: 'DossierAccepted', schemaVersion: 1 },
      occurredAt: at(accepted[n % days]!),
      metadata: { actor: `clerk-${n % 20}`, correlationId: code, causationId: code },
      data: {
        ...{ code, unit: DESK, official: `official-${n % 40}`, channel: 'online' },
        terms: {
          procedure: { id: `P${n % 42}`, version: 1 },
          ...{ field: `F${n % 7}`, case: 'default', limit: { value: days, unit: 'working_day' } },
          ...{ calendar: { id: 'vn', version: 1 }, policy: { id: 'vn-default', version: 1 } },
          zone: 'Asia/Ho_Chi_Minh',
        },
        ...{ dueAt: at(due[n % days]!), dueBasis: 'computed', formerCode: null },
      },
    };
    const link = { ...event, stream: streamName('dossier', code), revision: 0n, previousHash: FIRST_HASH };
    const hash = linkHash({ ...link, recordedAt, body: bodyHash(event) });
    yield { ...link, position: 0n, recordedAt, hash };
  }
}

/** Today and the worked days after it, or those before it, nearest first. */
function workedDays(calendar: Calendar, count: number, step: 1 | -1): number[] {
  const found: number[] = [];
  for (let day = calendar.dayOf(CLOSING) + (step === 1 ? 0 : -1); found.length < count; day += step) {
    if (calendar.whyOff(day) === null) found.push(day);
  }
  return found;
}
