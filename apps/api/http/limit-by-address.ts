import type { FastifyInstance } from 'fastify';
import type { RequestLimiter } from '#libs/access/limits/request-limiter.js';
import { Problem } from '#libs/problem/problem.js';
import { sendProblem } from '../problem/problem.filter.js';

/** Refuses addresses that ask too often for anything below /api, before anything else is done for them. */
export function limitByAddress(fastify: FastifyInstance, limiter: RequestLimiter): void {
  fastify.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith('/api')) return;
    try {
      limiter.byAddress(request.ip);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      await sendProblem(error, request, reply);
    }
  });
}
