import type { Socket } from 'node:net';
import { Problem } from '#libs/problem/problem.js';
import { problemBody } from '../problem/problem.filter.js';
import { BARE_HEADERS } from './security-headers.js';

/** What is wrong, and in the words of HTTP, by the code of Node's error. */
const REFUSALS: Readonly<Record<string, readonly [problem: string, words: string]>> = {
  HPE_HEADER_OVERFLOW: ['headers-too-large', 'Request Header Fields Too Large'],
  ERR_HTTP_REQUEST_TIMEOUT: ['request-too-slow', 'Request Timeout'],
};

/** Answers what is no HTTP request, has headers without end or comes too slowly: no filter could see it. */
export function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return;
  const [problem, words] = REFUSALS[error.code ?? ''] ?? ['request-malformed', 'Bad Request'];
  const { status, body } = problemBody(new Problem(problem), 'vi', '');
  const head = [
    `HTTP/1.1 ${status} ${words}`,
    'content-type: application/problem+json; charset=utf-8',
    'content-language: vi',
    ...Object.entries(BARE_HEADERS).map(([name, value]) => `${name}: ${value}`),
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  // Whoever does not close his side is not waited for.
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroySoon());
}
