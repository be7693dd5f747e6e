import { ICalCalendar, ICalEventStatus, ICalEventTransparency } from 'ical-generator';
import { streamName } from '#libs/event-log/event-log.js';
import { STATE_WORDS } from '#libs/look-up/words.js';
import type { ReferenceData } from '#libs/reference/reference.events.js';
import type { DueDossier } from './due-dossiers.query.js';

/** How often a calendar shall come again. */
const REFRESH_SECONDS = 3_600;

/**
 * Dossiers as an iCalendar (RFC 5545): of each a VEVENT at its due instant, in UTC, so that it is the same instant in
 * every zone; it takes no time and blocks none. Not VTODO, which most calendars leave out of what is subscribed to. The
 * UID of a dossier never changes, so an event moves with its due instant.
 * @param now ISO 8601 in UTC
 */
export function calendarText(
  dossiers: readonly DueDossier[],
  now: string,
  reference: Pick<ReferenceData, 'unit' | 'procedure'>,
): string {
  const calendar = new ICalCalendar({
    prodId: { company: 'motcua', product: 'calendar', language: 'VI' },
    name: 'Hạn giải quyết hồ sơ / Dossiers due',
    ttl: REFRESH_SECONDS,
  });
  const today = now.slice(0, 10);
  for (const dossier of dossiers) {
    const { code, unit, procedure, state, dueAt, paused, late, revision } = dossier;
    const words = STATE_WORDS[state];
    calendar.createEvent({
      id: `${streamName('dossier', code)}@motcua`,
      stamp: new Date(now),
      sequence: Number(revision),
      start: new Date(dueAt),
      status: paused ? ICalEventStatus.TENTATIVE : ICalEventStatus.CONFIRMED,
      transparency: ICalEventTransparency.TRANSPARENT,
      summary: `${late ? 'Quá hạn / late: ' : ''}${code}`,
      description: [
        `Thủ tục / procedure: ${named(procedure, reference.procedure(procedure, today)?.name.vi)}`,
        `Đơn vị / unit: ${named(unit, reference.unit(unit, today)?.name.vi)}`,
        `Trạng thái / state: ${words.vi} / ${words.en}`,
        ...(paused ? [PAUSED] : []),
      ].join('\n'),
    });
  }
  return calendar.toString();
}

const PAUSED = 'Đang tạm dừng tính thời hạn / the clock stands still';
const named = (code: string, name: string | undefined): string =>
  name === undefined ? code : `${code} ${name}`;
