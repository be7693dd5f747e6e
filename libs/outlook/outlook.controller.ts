import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Pool } from 'pg';
import { type Caller, demand, demandUnits } from '#libs/access/demand.js';
import { Action } from '#libs/access/http/action.decorator.js';
import { CalledBy } from '#libs/access/http/caller.decorator.js';
import { CLOCK, type Clock, isoNow } from '#libs/event-log/clock.js';
import { LOG_ENGINE } from '#libs/event-log/event-log.js';
import { ProblemResponses } from '#libs/http/problem-responses.decorator.js';
import { RequestSignal } from '#libs/http/request-signal.decorator.js';
import { AwaitPosition } from '#libs/live/await-position.query.js';
import { POOL } from '#libs/read-db/pool.token.js';
import { REFERENCE_DATA, type ReferenceData } from '#libs/reference/reference.events.js';
import { checkPart } from './check-part.js';
import {
  ForecastDto,
  ForecastQualityDto,
  OutlookDto,
  OutlookPageDto,
  OutlookPageQueryDto,
  OutlookQueryDto,
  QualityQueryDto,
} from './outlook.dto.js';
import { outlookDossiers } from './dossiers.query.js';
import type { Outlook, OutlookPage } from './outlook.js';
import { outlook } from './outlook.query.js';
import { type ForecastQuality, forecastQuality } from './quality.query.js';
import { READ_FROM, type ReadModels } from './snapshot.query.js';

/** What a supervisor has to expect. Nothing of a person is in it. */
@Controller('api/outlook')
@ApiTags('outlook')
@ApiExtraModels(ForecastDto)
export class OutlookController implements ReadModels {
  constructor(
    @Inject(POOL) readonly pool: Pool,
    @Inject(LOG_ENGINE) readonly engine: string,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(REFERENCE_DATA) private readonly reference: ReferenceData,
    private readonly position: AwaitPosition,
  ) {}

  @Get()
  @Action('read-outlook')
  @ApiOperation({
    summary: 'What falls due, is late, stands still or is forecast to be late: numbers by unit and official.',
  })
  @ApiOkResponse({ type: OutlookDto })
  @ProblemResponses(400, 422, 503)
  async outlook(
    @CalledBy() caller: Caller,
    @Query() { days, unit, atLeast }: OutlookQueryDto,
    @RequestSignal() signal: AbortSignal,
  ): Promise<Outlook> {
    const now = isoNow(this.clock);
    const units = demandUnits(caller, 'read-outlook', now);
    if (unit !== undefined) demand(caller, 'read-outlook', now, [unit], 'query:unit');
    await this.reached(atLeast, signal);
    return outlook(this, this.reference, units, { now, days, unit });
  }

  @Get('dossiers')
  @Action('read-outlook')
  @ApiOperation({ summary: 'The dossiers behind a number of the outlook, page by page.' })
  @ApiOkResponse({ type: OutlookPageDto })
  @ProblemResponses(400, 422, 503)
  async dossiers(
    @CalledBy() caller: Caller,
    @Query() { atLeast, asOf, assigned, official, ...query }: OutlookPageQueryDto,
    @RequestSignal() signal: AbortSignal,
  ): Promise<OutlookPage> {
    const now = isoNow(this.clock);
    // What one's own units took in may lie with any other: whoever asks for that one gets these.
    const units = demandUnits(caller, 'read-outlook', now);
    checkPart(query.kind, query.part);
    await this.reached(atLeast, signal);
    const who = assigned === 'no' ? null : official;
    const then = asOf !== undefined && asOf < now ? asOf : now;
    return outlookDossiers(this, this.reference, units, { ...query, now: then, official: who });
  }

  @Get('forecast-quality')
  @Action('read-outlook')
  @ApiOperation({
    summary: 'How good the forecast was: what was said of finished dossiers, and what came of them.',
  })
  @ApiOkResponse({ type: ForecastQualityDto })
  @ProblemResponses(400, 422, 503)
  async quality(
    @Query() { procedure, atLeast }: QualityQueryDto,
    @RequestSignal() signal: AbortSignal,
  ): Promise<ForecastQuality> {
    await this.reached(atLeast, signal);
    return forecastQuality(this, procedure);
  }

  private async reached(atLeast: number | undefined, signal: AbortSignal): Promise<void> {
    for (const name of READ_FROM) await this.position.reached(name, atLeast, signal);
  }
}
