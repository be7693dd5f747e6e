import type { Socket } from 'node:net';
import { Problem } from '#libs/problem/problem.js';
import { problemBody } from '../problem/problem.filter.js';
import { BARE_HEADERS } from './security-headers.js';

/** Answers what is no HTTP request, or has headers without end: there is no request that a filter could see. */
export function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return;
  const tooLarge = error.code === 'HPE_HEADER_OVERFLOW';
  const { status, body } = problemBody(
    new Problem(tooLarge ? 'headers-too-large' : 'request-malformed'),
    'vi',
    '',
  );
  const head = [
    `HTTP/1.1 ${status} ${tooLarge ? 'Request Header Fields Too Large' : 'Bad Request'}`,
    'content-type: application/problem+json; charset=utf-8',
    'content-language: vi',
    ...Object.entries(BARE_HEADERS).map(([name, value]) => `${name}: ${value}`),
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
