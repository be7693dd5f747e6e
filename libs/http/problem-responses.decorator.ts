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
        ...headersOf(status),
        content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemDto) } } },
      }),
    ),
  );
}

const RETRY_AFTER = { 'Retry-After': { schema: { type: 'integer' as const }, description: 'Seconds.' } };
const text = (description: string) => ({ schema: { type: 'string' as const }, description });
const RATE_LIMIT = {
  ...RETRY_AFTER,
  'RateLimit-Policy': text('Name of the limit, q: how often, w: in how many seconds.'),
  RateLimit: text('Name of the limit, r: how often still, t: seconds until it begins anew.'),
};

function headersOf(status: number): { headers?: typeof RETRY_AFTER } {
  if (status === 429) return { headers: RATE_LIMIT };
  return status === 503 ? { headers: RETRY_AFTER } : {};
}

const DESCRIPTIONS: Readonly<Record<number, string>> = {
  400: 'Something in the request is malformed.',
  401: 'Not signed in.',
  403: 'The caller may not do this, or not there, or not without a reason.',
  404: 'There is no such thing.',
  409: 'The state it is in does not allow it, or it has moved on.',
  413: 'The body is too large.',
  415: 'The body is not application/json.',
  422: 'Well formed, but it cannot be true or is not in force.',
  428: 'If-Match is missing.',
  429: 'Too often in too short a time.',
  500: 'The figures contradict each other; the dossiers are named.',
  503: 'A part the service needs is not available; try again.',
};

/** For the document of an operation that states no limit of its own. */
export const TOO_MANY = {
  description: DESCRIPTIONS[429] ?? 'Problem',
  headers: RATE_LIMIT,
  content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemDto) } } },
};
