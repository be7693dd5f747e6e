import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ProblemResponses } from '#libs/http/problem-responses.decorator.js';
import { Action } from '#libs/access/http/action.decorator.js';
import { Updates } from './updates.query.js';

@Controller('api/updates')
@ApiTags('updates')
export class UpdatesController {
  constructor(private readonly updates: Updates) {}

  @Get()
  @Action('read-updates')
  @ApiOperation({
    summary: 'Tells whenever a read model has moved (server-sent events).',
    description:
      'First where each read model is now, then each of its moves: `{"projection": "worklist", "position": 42}`. ' +
      'Read the list or report again; nothing is lost by a connection that breaks, for the next one begins with where ' +
      'they are then. A comment every 15 s keeps it alive.',
  })
  @ApiOkResponse({
    content: {
      'text/event-stream': {
        schema: { type: 'string' },
        example: 'data: {"projection":"worklist","position":42}\n\n',
      },
    },
  })
  @ProblemResponses(503)
  async follow(@Req() { method }: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    // Of a stream that nobody reads the end would never come.
    const body = method === 'HEAD' ? '' : await this.updates.open();
    void reply
      .type('text/event-stream; charset=utf-8')
      .header('cache-control', 'no-store')
      // Proxies (nginx) pass it on as it comes.
      .header('x-accel-buffering', 'no')
      // Kept open afterwards, it would hold up the stop of the service.
      .header('connection', 'close')
      .send(body);
  }
}
