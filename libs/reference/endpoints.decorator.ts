import { applyDecorators, Get, HttpCode, Post, type Type } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { ProblemResponses } from '#libs/http/problem-responses.decorator.js';
import { Action } from '#libs/access/http/action.decorator.js';

/** GET of a list of versions. */
export function ListEndpoint(summary: string, type: Type): MethodDecorator {
  return applyDecorators(
    Get(),
    Action('read-reference'),
    ApiOperation({ summary }),
    ApiOkResponse({ type }),
    ProblemResponses(400),
  );
}

/** GET of all versions of one id; `param` names it in the address. */
export function VersionsEndpoint(
  param: { name: string; example: string },
  summary: string,
  type: Type,
): MethodDecorator {
  return applyDecorators(
    Get(`:${param.name}`),
    Action('read-reference'),
    ApiOperation({ summary }),
    ApiParam(param),
    ApiOkResponse({ type, isArray: true }),
    ProblemResponses(404),
  );
}

/** POST of a further version; answers with it. */
export function PublishEndpoint(
  param: { name: string; example: string },
  summary: string,
  type: Type,
): MethodDecorator {
  return applyDecorators(
    Post(`:${param.name}/versions`),
    HttpCode(201),
    Action('publish-reference'),
    ApiOperation({
      summary,
      description:
        'The number is assigned. What was published before stays, and dossiers keep the version they were accepted ' +
        'under. Publishing exactly what is in force on `validFrom` changes nothing and answers with that version.',
    }),
    ApiParam(param),
    ApiHeader({
      name: 'Idempotency-Key',
      required: true,
      description: 'A key of its own for each command. A repeat with the same key gets the first answer.',
      example: '5e6f0c9e-0a0a-4b51-8d5b-2f3f1a8f1c11',
    }),
    ApiResponse({ status: 201, type }),
    ProblemResponses(400, 409, 413, 415, 422, 503),
  );
}
