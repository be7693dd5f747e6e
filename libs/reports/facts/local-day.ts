import { DAY_MS } from '#libs/calendar/instants.js';
import { Zone } from '#libs/calendar/zone.js';

/**
 * The day that a wall calendar in the IANA zone shows at that instant, counted from 1970.
 * @throws RangeError if it is not an instant
 */
export function localDay(instant: string, zone: string): number {
  const at = Date.parse(instant);
  if (Number.isNaN(at)) throw new RangeError('not an instant');
  return Math.floor(Zone.of(zone).toWall(at) / DAY_MS);
}
