const formats = new Map<string, Intl.DateTimeFormat>();

/** The date `YYYY-MM-DD` that a wall calendar in the IANA zone shows at that instant. */
export function localDate(instant: string, zone: string): string {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
    formats.set(zone, format);
  }
  return format.format(Date.parse(instant));
}
