/** Anything but the printable ASCII that a URL is made of; also what browsers take for a slash. */
const UNFIT = /[^!-~]|\\/;

/**
 * Where to go after signing in, as a browser asked for it: a path of this service, never another place.
 * @returns `otherwise` for all that is no such path
 */
export function returnPath(asked: unknown, otherwise: string): string {
  if (typeof asked !== 'string' || asked.length > 2_000 || UNFIT.test(asked)) return otherwise;
  if (!asked.startsWith('/') || asked.startsWith('//')) return otherwise;
  // What a browser makes of it must be what was looked at.
  const origin = 'http://here.invalid';
  const url = URL.canParse(asked, origin) ? new URL(asked, origin) : undefined;
  return url?.origin === origin ? url.pathname + url.search + url.hash : otherwise;
}
