import { Controller, Get, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { CalledBy, TakesReason } from '#libs/access/http/caller.decorator.js';
import { Instant } from '#libs/http/fields.decorator.js';
import { ProblemResponses } from '#libs/http/problem-responses.decorator.js';
import type { Caller } from '#libs/access/demand.js';
import { Action } from '#libs/access/http/action.decorator.js';
import { ReadFromRequest } from '#libs/read-trace/read-from.decorator.js';
import type { ReadFrom } from '#libs/read-trace/read-trace.js';
import { DossierCodePipe } from '../http/dossier-code.pipe.js';
import { PartyDto } from '../http/party.dto.js';
import type { DossierView } from './dossier-view.js';
import { DossierViewDto } from './dossier-view.dto.js';
import { GetDossier } from './get-dossier.query.js';

class GetDossierQuery {
  @Instant({ optional: true, description: 'Show what was known then (by the store’s clock).' })
  at?: string;
}

@Controller('api/dossiers')
@ApiTags('dossiers')
@ApiExtraModels(PartyDto)
export class GetDossierController {
  constructor(private readonly queries: QueryBus) {}

  @Get(':code')
  @Action('read-dossier')
  @TakesReason()
  @ApiOperation({ summary: 'A dossier with its timeline and the steps that may be taken now.' })
  @ApiParam({ name: 'code', example: 'H54.12-240115-0001' })
  @ApiOkResponse({ type: DossierViewDto, headers: { ETag: { schema: { type: 'string' } } } })
  @ProblemResponses(400, 404, 503)
  get(
    @Param('code', DossierCodePipe) code: string,
    @CalledBy() caller: Caller,
    @ReadFromRequest() from: ReadFrom,
    @Query() query: GetDossierQuery,
  ): Promise<DossierView> {
    return this.queries.execute(new GetDossier(code, caller, from, query.at));
  }
}
