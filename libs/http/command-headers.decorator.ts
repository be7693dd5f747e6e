import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type Admission, admissionOf } from '#libs/access/http/admission.js';
import { Problem } from '#libs/problem/problem.js';

/** Who gives a command, and what its headers say. */
export interface CommandHeaders extends Admission {
  readonly key: string;
  readonly correlationId: string;
}

const VISIBLE_ASCII = /^[\x21-\x7e]{1,200}$/;

/**
 * Key, giver and correlation id of a command.
 * @throws Problem idempotency-key-missing, idempotency-key-malformed
 */
export const GivenBy = createParamDecorator((_: unknown, context: ExecutionContext): CommandHeaders => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const key = request.headers['idempotency-key'];
  const field = { pointer: 'header:Idempotency-Key' };
  if (key === undefined) throw new Problem('idempotency-key-missing', {}, [{ ...field, rule: 'required' }]);
  if (typeof key !== 'string' || !VISIBLE_ASCII.test(key)) {
    throw new Problem('idempotency-key-malformed', {}, [{ ...field, rule: 'invalid' }]);
  }
  return { key, ...admissionOf(request), correlationId: request.id };
});

/**
 * The revision that the client saw, from `If-Match: "3"`.
 * @throws Problem if-match-missing, if-match-malformed
 */
export const SeenRevision = createParamDecorator((_: unknown, context: ExecutionContext): bigint => {
  const header = context.switchToHttp().getRequest<FastifyRequest>().headers['if-match'];
  const field = { pointer: 'header:If-Match' };
  if (header === undefined) throw new Problem('if-match-missing', {}, [{ ...field, rule: 'required' }]);
  const revision = /^"(\d{1,15})"$/.exec(header)?.[1];
  if (revision === undefined) throw new Problem('if-match-malformed', {}, [{ ...field, rule: 'invalid' }]);
  return BigInt(revision);
});
