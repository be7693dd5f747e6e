import type { FastifyInstance } from 'fastify';
import { Problem } from '#libs/problem/problem.js';
import { sendProblem } from '../problem/problem.filter.js';

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];
const PORT = /:\d{1,5}$/;

/**
 * Refuses requests for another host's name than one of this machine or of `allowed` (names or addresses; the port does
 * not matter): while the service answers everyone who reaches it, a page from elsewhere must not reach it under a name
 * of its own that leads here.
 */
export function requireKnownHost(fastify: FastifyInstance, allowed: readonly string[]): void {
  const known = new Set([...LOOPBACK, ...allowed.map((name) => name.toLowerCase())]);
  fastify.addHook('onRequest', async (request, reply) => {
    const host = (request.headers.host ?? '').toLowerCase();
    if (!known.has(host.replace(PORT, ''))) {
      await sendProblem(new Problem('host-refused'), request, reply);
    }
  });
}
