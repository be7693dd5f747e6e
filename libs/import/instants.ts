import { Temporal } from 'temporal-polyfill';

/** How instants may be written in a log: `iso` as ISO 8601 (a space for the `T` will do), `dmy` as `31/12/2024 16:30`. */
export type InstantFormat = 'iso' | 'dmy';
export const INSTANT_FORMATS: readonly InstantFormat[] = ['iso', 'dmy'];

const TIME = String.raw`(\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)`;
const ISO = new RegExp(
  String.raw`^(\d{4}-\d{2}-\d{2})(?:[T ]${TIME}(?:\s?(Z|[+-]\d{2}(?::?\d{2})?))?)?$`,
  'i',
);
const DMY = new RegExp(String.raw`^(\d{1,2})/(\d{1,2})/(\d{4})(?: ${TIME})?$`);

/**
 * The instant in UTC with milliseconds; what is finer is cut off. Without an offset it is on the wall clock of
 * `zone`, and a date alone is its first moment.
 * @returns undefined for what is no instant of the years 1 to 9999
 */
export function parseInstant(
  text: string,
  zone: string,
  formats: readonly InstantFormat[],
): string | undefined {
  const iso = formats.includes('iso') ? ISO.exec(text) : null;
  const dmy = iso || !formats.includes('dmy') ? null : DMY.exec(text);
  const date = iso?.[1] ?? (dmy && `${dmy[3]}-${dmy[2]?.padStart(2, '0')}-${dmy[1]?.padStart(2, '0')}`);
  if (!date) return undefined;
  const time = iso?.[2] ?? dmy?.[4];
  const local = time ? `${date}T${time.replace(',', '.')}` : date;
  try {
    const instant = iso?.[3]
      ? Temporal.Instant.from(local + iso[3].toUpperCase())
      : Temporal.PlainDateTime.from(local).toZonedDateTime(zone).toInstant();
    const result = instant.toString({ smallestUnit: 'millisecond' });
    return /^\d{4}-/.test(result) && result >= '0001' ? result : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

export function isZone(name: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}
