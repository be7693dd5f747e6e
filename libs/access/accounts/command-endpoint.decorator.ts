import { applyDecorators, HttpCode, type Type } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { ProblemResponses } from '#libs/http/problem-responses.decorator.js';

/** What every POST of this module says of itself. */
export function Commanding(summary: string, type: Type, status = 200, description?: string): MethodDecorator {
  return applyDecorators(
    HttpCode(status),
    ApiOperation({ summary, ...(description === undefined ? {} : { description }) }),
    ApiHeader({
      name: 'Idempotency-Key',
      required: true,
      description: 'A key of its own for each command. A repeat with the same key changes nothing more.',
      example: '5e6f0c9e-0a0a-4b51-8d5b-2f3f1a8f1c11',
    }),
    ApiResponse({ status, type }),
    ProblemResponses(400, 401, 403, 404, 409, 413, 415, 422, 503),
  );
}
