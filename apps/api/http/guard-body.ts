import type { FastifyInstance } from 'fastify';
import { Problem } from '#libs/problem/problem.js';
import { BODY_LIMIT, sendProblem } from '../problem/problem.filter.js';

const DEEPEST = 16;
const WITH_BODY = new Set(['POST', 'PUT']);

/** Refuses bodies that are too large, are missing, are no object or are nested too deeply, before anything walks through them. */
export function guardBodies(fastify: FastifyInstance): void {
  // Answered here, Node reads the rest away and the connection goes on; Fastify would cut it off.
  fastify.addHook('onRequest', async (request, reply) => {
    if (WITH_BODY.has(request.method) && Number(request.headers['content-length']) > BODY_LIMIT) {
      await sendProblem(new Problem('body-too-large', { maxBytes: BODY_LIMIT }), request, reply);
    }
  });
  fastify.addHook('preValidation', async (request, reply) => {
    const { body } = request;
    if (!WITH_BODY.has(request.method) || request.is404) return;
    if (body === undefined) {
      await sendProblem(new Problem('body-not-json'), request, reply);
    } else if (typeof body !== 'object' || body === null || Array.isArray(body)) {
      await sendProblem(
        new Problem('invalid-request', {}, [{ pointer: '', rule: 'object' }]),
        request,
        reply,
      );
    } else if (isDeeper(body, DEEPEST)) {
      await sendProblem(new Problem('body-too-deep', { max: DEEPEST }), request, reply);
    }
  });
}

/** Level by level, so that no depth can exhaust the stack. */
function isDeeper(value: object, levels: number): boolean {
  let level: object[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth >= levels) return true;
    level = level.flatMap((parent) =>
      Object.values(parent as Record<string, unknown>).filter(
        (child): child is object => typeof child === 'object' && child !== null,
      ),
    );
  }
  return false;
}
