import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { Pool } from 'pg';
import { Commanding } from '#libs/access/accounts/command-endpoint.decorator.js';
import { NothingDto } from '#libs/access/accounts/grant.dto.js';
import { type Caller, demandUnits } from '#libs/access/demand.js';
import { Action } from '#libs/access/http/action.decorator.js';
import { CalledBy } from '#libs/access/http/caller.decorator.js';
import { CLOCK, type Clock, isoNow } from '#libs/event-log/clock.js';
import { EVENT_LOG, type EventLog, LOG_ENGINE } from '#libs/event-log/event-log.js';
import { type CommandHeaders, GivenBy } from '#libs/http/command-headers.decorator.js';
import { ProblemResponses } from '#libs/http/problem-responses.decorator.js';
import { RequestSignal } from '#libs/http/request-signal.decorator.js';
import { AwaitPosition } from '#libs/live/await-position.query.js';
import { POOL } from '#libs/read-db/pool.token.js';
import { type Retried, retry } from './retry.js';
import { MESSAGE_KEY, RetriedDto, UndeliveredPageDto, UndeliveredQuery } from './undelivered.dto.js';
import { listUndelivered, type UndeliveredPage, type UndeliveredTables } from './undelivered.query.js';

/** Messages whose attempts all failed: they lie until a supervisor has them sent again. */
@Controller('api/undelivered')
@ApiTags('undelivered')
export class UndeliveredController implements UndeliveredTables {
  constructor(
    @Inject(POOL) readonly pool: Pool,
    @Inject(LOG_ENGINE) readonly engine: string,
    @Inject(EVENT_LOG) readonly log: EventLog,
    @Inject(CLOCK) readonly clock: Clock,
    private readonly position: AwaitPosition,
  ) {}

  @Get()
  @Action('read-undelivered')
  @ApiOperation({ summary: 'Mails and web hooks that could not leave, the newest first, page by page.' })
  @ApiOkResponse({ type: UndeliveredPageDto })
  @ProblemResponses(400, 422, 503)
  async list(
    @CalledBy() caller: Caller,
    @Query() { atLeast, ...page }: UndeliveredQuery,
    @RequestSignal() signal: AbortSignal,
  ): Promise<UndeliveredPage> {
    const units = demandUnits(caller, 'read-undelivered', isoNow(this.clock));
    await this.position.reached('reminders', atLeast, signal);
    return listUndelivered(this, units, page);
  }

  @Post(':key/retry')
  @Action('retry-undelivered')
  @ApiParam({ name: 'key', example: MESSAGE_KEY })
  @Commanding(
    'Has a message sent again that could not leave.',
    RetriedDto,
    200,
    'It carries the same key as before. If what it says no longer holds, it is dropped instead.',
  )
  retry(@Param('key') key: string, @GivenBy() by: CommandHeaders, @Body() _: NothingDto): Promise<Retried> {
    return retry(this, key, by);
  }
}
