import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { ProblemDto } from './problem.dto.js';

/** Documents the problems that an operation can answer with. */
export function ProblemResponses(...statuses: number[]): MethodDecorator {
  return applyDecorators(
    ApiExtraModels(ProblemDto),
    ...statuses.map((status) =>
      ApiResponse({
        status,
        description: DESCRIPTIONS[status] ?? 'Problem',
        ...(status === 503 ? { headers: RETRY_AFTER } : {}),
        content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemDto) } } },
      }),
    ),
  );
}

const RETRY_AFTER = { 'Retry-After': { schema: { type: 'integer' as const }, description: 'Seconds.' } };

const DESCRIPTIONS: Readonly<Record<number, string>> = {
  400: 'Something in the request is malformed.',
  401: 'It is not stated who is acting.',
  403: 'The caller has no role that this needs.',
  404: 'There is no such thing.',
  409: 'The state it is in does not allow it, or it has moved on.',
  413: 'The body is too large.',
  415: 'The body is not application/json.',
  422: 'Well formed, but it cannot be true or is not in force.',
  428: 'If-Match is missing.',
  500: 'The figures contradict each other; the dossiers are named.',
  503: 'A part the service needs is not available; try again.',
};
