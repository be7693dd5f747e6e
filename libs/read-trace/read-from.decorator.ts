import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { admissionOf } from '#libs/access/http/admission.js';
import type { ReadFrom } from './read-trace.js';

/** The way by which a request reads: the pattern of its route, without what stands in its place. */
export const ReadFromRequest = createParamDecorator((_: unknown, context: ExecutionContext): ReadFrom => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const { method, routeOptions, id } = request;
  const { lentBy } = admissionOf(request).grant;
  return { route: `${method} ${routeOptions.url ?? ''}`, correlationId: id, lentBy };
});
