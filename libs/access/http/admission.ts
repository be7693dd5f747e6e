import type { FastifyRequest } from 'fastify';
import type { Action } from '../policy.js';
import type { Grant, Principal } from '../principal.js';

/** What somebody was let in for, and by which of his grants if the place does not matter. */
export interface Admission {
  readonly principal: Principal;
  readonly action: Action;
  readonly grant: Grant;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is calling, once that is proven. */
    principal?: Principal;
    admission?: Admission;
  }
}

/** @throws Error where nobody was let in: that no route forgets its action is tested */
export function admissionOf({ admission }: FastifyRequest): Admission {
  if (!admission) throw new Error('the route is public, or the access guard did not run');
  return admission;
}
