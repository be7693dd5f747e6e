import type { FastifyInstance } from 'fastify';
import { Problem } from '#libs/problem/problem.js';
import { sendProblem } from '../problem/problem.filter.js';

const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/i;

/**
 * Refuses requests for another host's name: while the service answers everyone on this machine, a page from elsewhere
 * must not reach it under a name of its own that leads here.
 */
export function requireLoopbackHost(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', async (request, reply) => {
    if (!LOOPBACK.test(request.headers.host ?? '')) {
      await sendProblem(new Problem('host-refused'), request, reply);
    }
  });
}
