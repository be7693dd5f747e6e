import { applyDecorators, Controller, Get, Header, Inject, Param, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Action } from '#libs/access/http/action.decorator.js';
import { ProblemResponses } from '#libs/http/problem-responses.decorator.js';
import { BOARD_PATH, type BoardOnDemand, QUEUE_BOARD } from './queue-board.js';

/** The one style that its scripts put into the page: of hidden scroll bars. */
const STYLE = 'sha256-r2N1TB/gHbBtBZFKg7ejmq1acVSREzucTAEw6ga4hoU=';
/** As for every page, but for that style, and that its addresses begin where it says: with `base`. */
const CONTENTS =
  `default-src 'none';script-src 'self';style-src 'self' '${STYLE}';img-src 'self';connect-src 'self';` +
  "frame-ancestors 'none';base-uri 'self';form-action 'none'";

const ANSWER = { oneOf: [{ type: 'object' }, { type: 'array', items: { type: 'string' } }] };
const Watching = (summary: string, path: string | string[], type: string): MethodDecorator =>
  applyDecorators(
    Get(path),
    Action('watch-queues'),
    ApiOperation({ summary }),
    ApiOkResponse({ content: { [type]: { schema: type === 'text/html' ? { type: 'string' } : ANSWER } } }),
    ProblemResponses(400, 404, 503),
  );
const Page = (path: string | string[]): MethodDecorator =>
  applyDecorators(
    Watching('The board of queues (bull-board), to look at only: a page.', path, 'text/html'),
    Header('content-type', 'text/html; charset=utf-8'),
    Header('content-security-policy', CONTENTS),
  );
const Question = (path: string | string[]): MethodDecorator =>
  Watching('What the page of queues asks; the answers are those of bull-board.', path, 'application/json');
const OfQueue = (): MethodDecorator => ApiParam({ name: 'queueName', example: 'maintenance' });
const OfJob = (): MethodDecorator => applyDecorators(OfQueue(), ApiParam({ name: 'jobId', example: '1' }));

/**
 * The board of queues, by reading alone. Whatever bull-board could change has no route here: what failed is sent again
 * by routes of our own, which leave their trace in the log.
 */
@Controller(BOARD_PATH)
@ApiTags('operation')
export class QueueBoardController {
  constructor(@Inject(QUEUE_BOARD) private readonly board: BoardOnDemand) {}

  @Page(['', 'job-schedulers'])
  async page(): Promise<string> {
    return (await this.board()).page();
  }

  @Page('queue/:queueName')
  @OfQueue()
  async queuePage(@Param('queueName') queue: string): Promise<string> {
    return (await this.board()).page(queue);
  }

  @Page('queue/:queueName/:jobId')
  @OfJob()
  async jobPage(@Param('queueName') queue: string, @Param('jobId') job: string): Promise<string> {
    return (await this.board()).page(queue, job);
  }

  @Question(['api/queues', 'api/job-schedulers', 'api/redis/stats'])
  async answer(@Req() { routeOptions, params, query }: FastifyRequest): Promise<object> {
    const question = (routeOptions.url ?? '').slice(BOARD_PATH.length);
    return (await this.board()).answer(question, Object(params) as object, Object(query) as object);
  }

  @Question('api/queues/:queueName/metrics')
  @OfQueue()
  ofQueue(@Req() request: FastifyRequest): Promise<object> {
    return this.answer(request);
  }

  @Question([
    'api/queues/:queueName/:jobId',
    'api/queues/:queueName/:jobId/logs',
    'api/queues/:queueName/:jobId/flow',
  ])
  @OfJob()
  ofJob(@Req() request: FastifyRequest): Promise<object> {
    return this.answer(request);
  }
}
