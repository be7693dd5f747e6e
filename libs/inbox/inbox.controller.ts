import { Body, Controller, Get, Inject, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Pool } from 'pg';
import { Commanding } from '#libs/access/accounts/command-endpoint.decorator.js';
import { Action } from '#libs/access/http/action.decorator.js';
import { SignedIn } from '#libs/access/http/caller.decorator.js';
import { permittedUnits } from '#libs/access/policy.js';
import type { Principal } from '#libs/access/principal.js';
import { CLOCK, type Clock, isoNow } from '#libs/event-log/clock.js';
import { EVENT_LOG, type EventLog, LOG_ENGINE } from '#libs/event-log/event-log.js';
import { type CommandHeaders, GivenBy } from '#libs/http/command-headers.decorator.js';
import { ProblemResponses } from '#libs/http/problem-responses.decorator.js';
import { RequestSignal } from '#libs/http/request-signal.decorator.js';
import { AwaitPosition } from '#libs/live/await-position.query.js';
import { POOL } from '#libs/read-db/pool.token.js';
import { InboxPageDto, InboxQuery, MarkedReadDto, MarkReadDto, UnreadDto, UnreadQuery } from './inbox.dto.js';
import { countUnread, type InboxPage, type InboxTables, isUnread, listInbox } from './inbox.query.js';
import { markRead } from './mark-read.js';

/** Reminders to whoever is signed in, and to nobody else. */
@Controller('api/inbox')
@ApiTags('inbox')
export class InboxController {
  private readonly tables: InboxTables;

  constructor(
    @Inject(POOL) pool: Pool,
    @Inject(LOG_ENGINE) engine: string,
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly position: AwaitPosition,
  ) {
    this.tables = { pool, engine };
  }

  @Get()
  @Action('read-inbox')
  @ApiOperation({ summary: 'Own reminders, the newest first, page by page.' })
  @ApiOkResponse({ type: InboxPageDto })
  @ProblemResponses(400, 422, 503)
  async list(
    @SignedIn() principal: Principal,
    @Query() { atLeast, ...which }: InboxQuery,
    @RequestSignal() signal: AbortSignal,
  ): Promise<InboxPage> {
    await this.position.reached('inbox', atLeast, signal);
    const units = permittedUnits(principal, 'list-dossiers', isoNow(this.clock));
    return listInbox(this.tables, principal.id, units, which);
  }

  @Get('unread')
  @Action('read-inbox')
  @ApiOperation({ summary: 'How many of one’s own reminders have not been read.' })
  @ApiOkResponse({ type: UnreadDto })
  @ProblemResponses(400, 422, 503)
  async unread(
    @SignedIn() { id }: Principal,
    @Query() { atLeast }: UnreadQuery,
    @RequestSignal() signal: AbortSignal,
  ): Promise<{ count: number; position: bigint }> {
    await this.position.reached('inbox', atLeast, signal);
    return countUnread(this.tables, id);
  }

  @Post('read')
  @Action('read-inbox')
  @Commanding(
    'Marks one of one’s own reminders as read, or all up to it.',
    MarkedReadDto,
    200,
    'All that came later stays unread, also what was raised in the meantime.',
  )
  async read(
    @GivenBy() { principal, key, correlationId }: CommandHeaders,
    @Body() { before = false, ...item }: MarkReadDto,
  ): Promise<{ position: bigint }> {
    const account = principal.id;
    const mark = { ...item, before };
    const { unread, position } = await isUnread(this.tables, account, mark);
    if (!unread) return { position };
    const { log, clock } = this;
    return { position: await markRead({ log, clock }, { account, key, correlationId }, mark) };
  }
}
