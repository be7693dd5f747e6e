import { Controller, Get, Header, Inject, Param, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { Caller } from '#libs/access/demand.js';
import { Action } from '#libs/access/http/action.decorator.js';
import { CalledBy } from '#libs/access/http/caller.decorator.js';
import { DossierCodePipe } from '#libs/dossier/http/dossier-code.pipe.js';
import { CLOCK, type Clock } from '#libs/event-log/clock.js';
import { EVENT_LOG, type EventLog } from '#libs/event-log/event-log.js';
import { ProblemResponses } from '#libs/http/problem-responses.decorator.js';
import { PUBLIC_URL } from '#libs/http/public-url.js';
import { type Vault, VAULT } from '#libs/personal-data/vault.js';
import { ReadFromRequest } from '#libs/read-trace/read-from.decorator.js';
import { READ_TRACE, type ReadFrom, type ReadTrace } from '#libs/read-trace/read-trace.js';
import { REFERENCE_DATA, type ReferenceData } from '#libs/reference/reference.events.js';
import { printSlip, type SlipParts } from './receipt-slip.query.js';

/** The form that the applicant takes home. */
@Controller('api/dossiers')
@ApiTags('dossiers')
export class ReceiptSlipController {
  private readonly parts: SlipParts;

  constructor(
    @Inject(EVENT_LOG) log: EventLog,
    @Inject(VAULT) vault: Vault,
    @Inject(REFERENCE_DATA) reference: ReferenceData,
    @Inject(READ_TRACE) trace: ReadTrace,
    @Inject(CLOCK) clock: Clock,
    @Inject(PUBLIC_URL) private readonly publicUrl: string | null,
  ) {
    this.parts = { log, vault, reference, trace, clock };
  }

  @Get(':code/receipt')
  @Action('print-receipt')
  @Header('content-type', 'text/html; charset=utf-8')
  @ApiOperation({
    summary: 'The receipt and appointment slip, to be printed on A4, with the secret as text and as QR.',
  })
  @ApiParam({ name: 'code', example: 'H54.12-240115-0001' })
  @ApiOkResponse({ content: { 'text/html': { schema: { type: 'string' } } } })
  @ProblemResponses(400, 404, 409, 503)
  print(
    @Param('code', DossierCodePipe) code: string,
    @CalledBy() caller: Caller,
    @ReadFromRequest() from: ReadFrom,
    @Req() request: FastifyRequest,
  ): Promise<string> {
    const origin = this.publicUrl ?? `${request.protocol}://${request.host}`;
    return printSlip(this.parts, { code, caller, from, origin });
  }
}
