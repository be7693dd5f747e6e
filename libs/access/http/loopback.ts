import type { FastifyRequest } from 'fastify';

const ADDRESS = /^(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$|^::1$/i;
const NAMES = new Set(['127.0.0.1', 'localhost', '[::1]']);
const PORT = /:\d{1,5}$/;
/** What proxies add: a request that has one of these came from elsewhere, or cannot be told from such a one. */
const FORWARDED = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
];

export const isLoopbackAddress = (address: string): boolean => ADDRESS.test(address);

/** Whether the name under which it was asked is one of this machine's. */
export const isLoopbackName = (host: string | undefined): boolean =>
  NAMES.has((host ?? '').toLowerCase().replace(PORT, ''));

/** Whether a request was made on this machine, and was passed on by nobody. */
export function isFromThisMachine({ headers, socket }: Pick<FastifyRequest, 'headers' | 'socket'>): boolean {
  return (
    isLoopbackAddress(socket.remoteAddress ?? '') &&
    isLoopbackName(headers.host) &&
    FORWARDED.every((name) => headers[name] === undefined)
  );
}
