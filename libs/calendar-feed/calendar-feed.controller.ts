import { randomBytes } from 'node:crypto';
import { Body, Controller, Delete, Get, Header, Inject, Param, Post, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Pool } from 'pg';
import { AccountStore } from '#libs/access/accounts/account-store.js';
import { Commanding } from '#libs/access/accounts/command-endpoint.decorator.js';
import { contextOf, contextOnce } from '#libs/access/accounts/commands.js';
import { NothingDto } from '#libs/access/accounts/grant.dto.js';
import { feedHash, feedSecretOf } from '#libs/access/accounts/token.js';
import { Action, Public } from '#libs/access/http/action.decorator.js';
import { SignedIn } from '#libs/access/http/caller.decorator.js';
import { requireSession } from '#libs/access/http/own-session.js';
import { Limited } from '#libs/access/limits/limited.decorator.js';
import type { Principal } from '#libs/access/principal.js';
import { CLOCK, type Clock, isoNow } from '#libs/event-log/clock.js';
import { LOG_ENGINE } from '#libs/event-log/event-log.js';
import { type CommandHeaders, GivenBy } from '#libs/http/command-headers.decorator.js';
import { nullableText } from '#libs/http/nullable.js';
import type { Plain } from '#libs/http/plain.js';
import { ProblemResponses } from '#libs/http/problem-responses.decorator.js';
import { PUBLIC_URL } from '#libs/http/public-url.js';
import { Problem } from '#libs/problem/problem.js';
import { POOL } from '#libs/read-db/pool.token.js';
import { REFERENCE_DATA, type ReferenceData } from '#libs/reference/reference.events.js';
import { calendarText } from './calendar-text.js';
import { dueDossiers } from './due-dossiers.query.js';

class CalendarFeedDto {
  @ApiProperty(
    nullableText({
      description:
        'To be subscribed to in a calendar; whoever knows it can read it. Shown this once: null in the answer to a ' +
        'repeat, and once it is withdrawn. Begins with the address of the service where that is set.',
      example: null,
    }),
  )
  address!: string | null;
}

/** When one’s dossiers fall due, for calendars, which cannot sign in: the secret in the address is the proof. */
@Controller('api')
@ApiTags('calendar feed')
export class CalendarFeedController {
  constructor(
    @Inject(POOL) private readonly pool: Pool,
    @Inject(LOG_ENGINE) private readonly engine: string,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(REFERENCE_DATA) private readonly reference: ReferenceData,
    @Inject(PUBLIC_URL) private readonly publicUrl: string | null,
    private readonly accounts: AccountStore,
  ) {}

  @Get('calendar/:token.ics')
  @Public()
  @Limited('calendar-feed')
  @Header('content-type', 'text/calendar; charset=utf-8')
  @ApiOperation({
    summary:
      'When dossiers fall due, as iCalendar: those in one’s charge, and those of the units one supervises.',
    description: 'What is late, and the next 90 days; at most 500 dossiers. No names of persons.',
  })
  @ApiParam({ name: 'token', example: 'feed_2Jq0dY8sQm3vT1bXyZ4nR7kLpW9cHfGaEuIoSxVtB6M' })
  @ApiOkResponse({ content: { 'text/calendar': { schema: { type: 'string' } } } })
  @ProblemResponses(404, 503)
  async read(
    @Param('token') token: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const now = isoNow(this.clock);
    const { pool, engine } = this;
    const whose = this.accounts.principalByFeed(token);
    const dossiers = await dueDossiers({ pool, engine }, whose, now);
    if (!whose) throw new Problem('calendar-feed-unknown');
    void reply.header('cache-control', 'private, no-cache');
    return calendarText(dossiers, now, this.reference);
  }

  @Post('account/calendar-feed')
  @Action('manage-self')
  @Commanding(
    'Makes the address of one’s own calendar feed; an earlier one no longer works.',
    CalendarFeedDto,
    201,
    'Only for who has signed in, with an account of this service.',
  )
  async issue(@GivenBy() by: CommandHeaders, @Body() _: NothingDto): Promise<Plain<CalendarFeedDto>> {
    requireSession(by.principal);
    const secret = feedSecretOf(randomBytes(32));
    const { outcome } = await this.accounts.carryOut(
      { do: 'issue-calendar-feed', account: by.principal.id },
      { ...contextOf(by), tokenHash: feedHash(secret) ?? '' },
    );
    if (outcome !== 'done') return { address: null };
    return { address: `${this.publicUrl ?? ''}/api/calendar/${secret}.ics` };
  }

  @Delete('account/calendar-feed')
  @Action('manage-self')
  @ApiOperation({ summary: 'Withdraws the address of one’s own calendar feed, at once and for good.' })
  @ApiOkResponse({ type: CalendarFeedDto })
  @ProblemResponses(404, 503)
  async withdraw(@SignedIn() principal: Principal): Promise<Plain<CalendarFeedDto>> {
    await this.accounts.carryOut(
      { do: 'withdraw-calendar-feed', account: principal.id },
      contextOnce(principal),
    );
    return { address: null };
  }
}
