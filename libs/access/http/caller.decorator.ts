import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Problem } from '#libs/problem/problem.js';
import type { Caller } from '../demand.js';
import type { Principal } from '../principal.js';
import { admissionOf } from './admission.js';

/** Who is calling; for routes with an action. */
export const SignedIn = createParamDecorator(
  (_: unknown, context: ExecutionContext): Principal => admissionOf(requestOf(context)).principal,
);

/**
 * Who is calling, and the reason that he states, from `X-Reason`.
 * @throws Problem reason-malformed
 */
export const CalledBy = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const request = requestOf(context);
  return { principal: admissionOf(request).principal, reason: reasonFrom(request.headers['x-reason']) };
});

/** Documents that a route takes a reason for what is not the caller's own. */
export const TakesReason = (): MethodDecorator =>
  applyDecorators(
    ApiHeader({
      name: 'X-Reason',
      required: false,
      description:
        'Why the caller looks at what is not of his own units; it is written down. 3 to 500 characters, percent-encoded UTF-8.',
      example: encodeURIComponent('Đối chiếu hồ sơ liên thông'),
    }),
  );

const requestOf = (context: ExecutionContext): FastifyRequest =>
  context.switchToHttp().getRequest<FastifyRequest>();

/** A reason is one line. */
const CONTROL = /\p{Cc}/u;

function reasonFrom(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  const stated = typeof header === 'string' ? decoded(header)?.normalize('NFC') : undefined;
  const reason = stated?.trim() ?? '';
  if (stated === undefined || reason.length < 3 || reason.length > 500 || CONTROL.test(stated)) {
    throw new Problem('reason-malformed', {}, [{ pointer: 'header:X-Reason', rule: 'invalid' }]);
  }
  return reason;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
