import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Pool } from 'pg';
import { CLOCK, type Clock } from '#libs/event-log/clock.js';
import { EVENT_LOG, type EventLog, LOG_ENGINE } from '#libs/event-log/event-log.js';
import { ProblemResponses } from '#libs/http/problem-responses.decorator.js';
import { RequestSignal } from '#libs/http/request-signal.decorator.js';
import { Action } from '#libs/access/http/action.decorator.js';
import { AwaitPosition } from '#libs/live/await-position.query.js';
import { POOL } from '#libs/read-db/pool.token.js';
import { REFERENCE_DATA, type ReferenceData } from '#libs/reference/reference.events.js';
import { reportProjection } from '../facts/report.projection.js';
import type { ReportPeriods } from '../periods/preset-period.js';
import { REPORT_PERIODS } from '../periods/report-periods.query.js';
import { type ResolvedPeriod, resolvePeriod } from '../periods/resolve-period.query.js';
import { inSnapshot } from '../snapshot.query.js';
import { needingExplanation, type NeedsExplanation } from '../needs-explanation.query.js';
import { toCsv } from './csv.js';
import { type DossierBehind, dossiersBehind, type Page } from './dossiers.query.js';
import { procedureNames } from './form.js';
import {
  DossiersPageDto,
  DossiersQueryDto,
  NeedsExplanationPageDto,
  PageQueryDto,
  type PeriodDto,
  ReportDto,
  ReportQueryDto,
} from './ii-06a.dto.js';
import { reportII06a, type ReportSources } from './ii-06a.query.js';
import type { ReportII06a } from './report.js';
import { toXlsx } from './xlsx.js';

const CSV = 'text/csv; charset=utf-8';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const PAGE = 100;

@Controller('api/reports')
@ApiTags('reports')
@ApiExtraModels(ReportDto)
export class ReportII06aController implements ReportSources {
  constructor(
    @Inject(POOL) readonly pool: Pool,
    @Inject(EVENT_LOG) readonly log: EventLog,
    @Inject(LOG_ENGINE) readonly engine: string,
    @Inject(CLOCK) readonly clock: Clock,
    @Inject(REFERENCE_DATA) private readonly reference: ReferenceData,
    @Inject(REPORT_PERIODS) private readonly periods: ReportPeriods,
    private readonly position: AwaitPosition,
  ) {}

  @Get('ii-06a')
  @Action('read-report')
  @ApiOperation({ summary: 'Form II.06a of a period, by procedure or field; control sums checked.' })
  @ApiOkResponse({
    content: {
      'application/json': { schema: { $ref: getSchemaPath(ReportDto) } },
      'text/csv': { schema: { type: 'string' } },
      [XLSX]: { schema: { type: 'string', format: 'binary' } },
    },
  })
  @ProblemResponses(400, 409, 422, 500, 503)
  async report(
    @Query() query: ReportQueryDto,
    @Res({ passthrough: true }) reply: FastifyReply,
    @RequestSignal() signal: AbortSignal,
  ): Promise<ReportII06a | string | Buffer> {
    await this.reached(query, signal);
    const { by = 'procedure', final = false, format = 'json', unit = null } = query;
    const { from, to, zone } = await this.period(query);
    const report = await reportII06a(this, { from, to, unit, by, final });
    if (format === 'json') return report;
    const file = `II.06a_${report.from.slice(0, 10)}_${report.to.slice(0, 10)}.${format}`;
    void reply.header('content-disposition', `attachment; filename="${file}"`);
    void reply.type(format === 'csv' ? CSV : XLSX);
    const nameOf = procedureNames(this.reference);
    return format === 'csv' ? toCsv(report, nameOf) : toXlsx(report, nameOf, zone);
  }

  @Get('ii-06a/dossiers')
  @Action('read-report')
  @ApiOperation({ summary: 'The dossiers behind one figure of the form, page by page.' })
  @ApiOkResponse({ type: DossiersPageDto })
  @ProblemResponses(400, 422, 503)
  async dossiers(
    @Query() query: DossiersQueryDto,
    @RequestSignal() signal: AbortSignal,
  ): Promise<Page<DossierBehind>> {
    await this.reached(query, signal);
    const { column, unit = null, field = null, procedure = null, limit = PAGE } = query;
    const period = await this.period(query);
    return inSnapshot(this, (db) =>
      dossiersBehind(db, { ...period, column, unit, field, procedure, cursor: query.cursor ?? null, limit }),
    );
  }

  @Get('needs-explanation')
  @Action('read-report')
  @ApiOperation({ summary: 'Dossiers whose times or steps ask for an explanation, with the reasons.' })
  @ApiOkResponse({ type: NeedsExplanationPageDto })
  @ProblemResponses(400, 422, 503)
  async needsExplanation(
    @Query() query: PageQueryDto,
    @RequestSignal() signal: AbortSignal,
  ): Promise<Page<NeedsExplanation>> {
    await this.reached(query, signal);
    const { cursor, limit = PAGE } = query;
    return inSnapshot(this, (db) => needingExplanation(db, { cursor: cursor ?? null, limit }));
  }

  private reached({ atLeast }: { atLeast?: number }, signal: AbortSignal): Promise<void> {
    return this.position.reached(reportProjection.name, atLeast, signal);
  }

  private period({ period, from, to, zone, unit }: PeriodDto): Promise<ResolvedPeriod> {
    return resolvePeriod(this, { period, from, to }, { unit: unit ?? null, zone }, this.periods);
  }
}
