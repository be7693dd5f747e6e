import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Limited } from '#libs/access/limits/limited.decorator.js';
import { Public } from '#libs/access/http/action.decorator.js';
import { EVENT_LOG, type EventLog } from '#libs/event-log/event-log.js';
import { ProblemResponses } from '#libs/http/problem-responses.decorator.js';
import { VAULT, type Vault } from '#libs/personal-data/vault.js';
import { REFERENCE_DATA, type ReferenceData } from '#libs/reference/reference.events.js';
import { LookedUpDto, LookUpBody } from './look-up.dto.js';
import type { LookedUp } from './look-up.js';
import { lookUp } from './look-up.query.js';

/** For applicants, without an account. */
@Controller('api/look-up')
@ApiTags('look-up')
export class LookUpController {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(VAULT) private readonly vault: Vault,
    @Inject(REFERENCE_DATA) private readonly reference: ReferenceData,
  ) {}

  @Post()
  @HttpCode(200)
  @Public()
  @Limited('look-up')
  @ApiOperation({
    summary: 'State, due instant and steps of a dossier, by its code and the secret on the receipt.',
  })
  @ApiOkResponse({ type: LookedUpDto })
  @ProblemResponses(400, 404, 413, 415, 503)
  find(@Body() body: LookUpBody): Promise<LookedUp> {
    const { log, vault, reference } = this;
    return lookUp({ log, vault, reference }, body);
  }
}
