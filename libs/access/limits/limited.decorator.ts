import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ProblemResponses } from '#libs/http/problem-responses.decorator.js';
import type { LimitName } from './request-limiter.js';

export const LIMITED_KEY = 'motcua:limited';

/** A route that may be asked less often from one address than others: see `NAMED_LIMITS`. */
export const Limited = (name: LimitName): MethodDecorator =>
  applyDecorators(SetMetadata(LIMITED_KEY, name), ProblemResponses(429));
