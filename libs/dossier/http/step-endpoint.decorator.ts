import { applyDecorators, HttpCode, Post } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Action } from '#libs/access/http/action.decorator.js';
import type { Action as PolicyAction } from '#libs/access/policy.js';
import { ProblemResponses } from '#libs/http/problem-responses.decorator.js';
import { CommandAnswerDto, OpeningAnswerDto } from '../commands/answer.dto.js';

const KEY = ApiHeader({
  name: 'Idempotency-Key',
  required: true,
  description: 'A key of its own for each command. A repeat with the same key gets the first answer.',
  example: '5e6f0c9e-0a0a-4b51-8d5b-2f3f1a8f1c11',
});

/** A route that opens a dossier: POST, answers 201. Its path is named after the action unless stated. */
export function OpeningEndpoint(
  action: PolicyAction,
  summary: string,
  path: string = action,
): MethodDecorator {
  return applyDecorators(
    Post(path),
    HttpCode(201),
    Action(action),
    ApiTags('dossiers'),
    ApiOperation({ summary }),
    KEY,
    ApiResponse({ status: 201, type: OpeningAnswerDto, headers: { ETag: REVISION } }),
    ProblemResponses(400, 409, 413, 415, 422, 503),
  );
}

/** A route that takes a step on a dossier: POST, needs If-Match, answers 200. Its path is named as for openings. */
export function StepEndpoint(action: PolicyAction, summary: string, path: string = action): MethodDecorator {
  return applyDecorators(
    Post(path),
    HttpCode(200),
    Action(action),
    ApiTags('steps'),
    ApiOperation({ summary }),
    ApiParam({ name: 'code', example: 'H54.12-240115-0001' }),
    KEY,
    ApiHeader({
      name: 'If-Match',
      required: true,
      description: 'Revision that was seen, in quotation marks.',
      example: '"0"',
    }),
    ApiResponse({ status: 200, type: CommandAnswerDto, headers: { ETag: REVISION } }),
    ProblemResponses(400, 404, 409, 413, 415, 422, 428, 503),
  );
}

const REVISION = {
  description: 'The revision after this command.',
  schema: { type: 'string', example: '"1"' },
} as const;
