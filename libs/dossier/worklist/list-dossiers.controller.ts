import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn } from 'class-validator';
import { CLOCK, type Clock, isoNow } from '#libs/event-log/clock.js';
import type { Pool } from 'pg';
import { LOG_ENGINE } from '#libs/event-log/event-log.js';
import { Choice, Code, Instant, Text, Whole } from '#libs/http/fields.decorator.js';
import { ProblemResponses } from '#libs/http/problem-responses.decorator.js';
import { RequestSignal } from '#libs/http/request-signal.decorator.js';
import { type Caller, demand, demandUnits } from '#libs/access/demand.js';
import { Action } from '#libs/access/http/action.decorator.js';
import { CalledBy, TakesReason } from '#libs/access/http/caller.decorator.js';
import { AtLeast } from '#libs/live/at-least.decorator.js';
import { AwaitPosition } from '#libs/live/await-position.query.js';
import { type Vault, VAULT } from '#libs/personal-data/vault.js';
import { POOL } from '#libs/read-db/pool.token.js';
import { ReadFromRequest } from '#libs/read-trace/read-from.decorator.js';
import { READ_TRACE, readingBy, type ReadFrom, type ReadTrace } from '#libs/read-trace/read-trace.js';
import { type Channel, CHANNELS } from '../dossier.events.js';
import { STATUS_CODES, type Status } from '../dossier.js';
import { MAX_LIMIT, type WorklistPage, type WorklistSort } from './filter.js';
import { WorklistPageDto } from './worklist.dto.js';
import { listWorklist } from './worklist.query.js';

const STATES = Object.keys(STATUS_CODES) as Status[];

class ListDossiersQuery {
  @ApiProperty({
    required: false,
    type: String,
    description: `One state or several, separated by commas: ${STATES.join(', ')}.`,
    example: 'accepted,processing',
  })
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',') : value))
  @IsIn([undefined, ...STATES], { each: true, context: { allowed: STATES.join(', ') } })
  state?: Status[];
  @Code({ optional: true, description: 'Unit that has it now.' })
  unit?: string;
  @Code({ optional: true, description: 'Account of the official in charge.' })
  official?: string;
  @Code({ optional: true, description: 'Code of the procedure.' })
  procedure?: string;
  @Choice(CHANNELS, { optional: true })
  channel?: Channel;
  @Instant({ optional: true, description: 'Still open, and due before this instant.' })
  dueBefore?: string;
  @Instant({ optional: true, description: 'Still open, and late at this instant.' })
  overdueAt?: string;
  @Choice(['open'], { optional: true, description: 'Something proposed waits for a second person.' })
  proposal?: 'open';
  @Text({
    optional: true,
    max: 200,
    description:
      'Beginnings of words of the code or of a name, with or without marks; or a whole identity or telephone number.',
  })
  q?: string;
  @Choice(['due', 'accepted'], { optional: true })
  sort?: WorklistSort;
  @Whole({ optional: true, min: 1, max: MAX_LIMIT, query: true })
  limit?: number;
  @Text({ optional: true, max: 500, description: '`next` of the page before.' })
  cursor?: string;
  @AtLeast()
  atLeast?: number;
}

@Controller('api/dossiers')
@ApiTags('dossiers')
export class ListDossiersController {
  constructor(
    @Inject(POOL) private readonly pool: Pool,
    @Inject(LOG_ENGINE) private readonly engine: string,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(VAULT) private readonly vault: Vault,
    @Inject(READ_TRACE) private readonly trace: ReadTrace,
    private readonly position: AwaitPosition,
  ) {}

  @Get()
  @Action('list-dossiers')
  @TakesReason()
  @ApiOperation({ summary: 'The worklist: dossiers by due instant, filtered, page by page.' })
  @ApiOkResponse({ type: WorklistPageDto })
  @ProblemResponses(400, 422, 503)
  async list(
    @CalledBy() caller: Caller,
    @ReadFromRequest() from: ReadFrom,
    @Query() { state, atLeast, ...filter }: ListDossiersQuery,
    @RequestSignal() signal: AbortSignal,
  ): Promise<WorklistPage> {
    const now = isoNow(this.clock);
    const units = demandUnits(caller, 'list-dossiers', now);
    if (filter.unit !== undefined) demand(caller, 'list-dossiers', now, [filter.unit], 'query:unit');
    await this.position.reached('worklist', atLeast, signal);
    const page = await listWorklist({ pool: this.pool, engine: this.engine, vault: this.vault }, units, {
      ...filter,
      ...(state ? { states: state } : {}),
    });
    const dossiers = page.items
      .filter(({ applicant, submitter }) => applicant ?? submitter)
      .map(({ code }) => code);
    const how = filter.q === undefined ? 'list' : 'search';
    await this.trace.record(readingBy(caller, from, { ...from, how, dossiers }));
    return page;
  }
}
