import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Pool } from 'pg';
import { ProblemResponses } from '#libs/http/problem-responses.decorator.js';
import { Action } from '#libs/access/http/action.decorator.js';
import { POOL } from '#libs/read-db/pool.token.js';
import type { VerificationRecord } from './verification.js';
import { VerificationListDto } from './verification.dto.js';
import { Verifications } from './verifications.adapter.js';

const SHOWN = 50;

/** What the nightly verifications of the log found. */
@Controller('api/verifications')
@ApiTags('verifications')
export class VerificationController {
  private readonly verifications: Verifications;

  constructor(@Inject(POOL) pool: Pool) {
    this.verifications = new Verifications(pool);
  }

  @Get()
  @Action('read-verifications')
  @ApiOperation({ summary: `Verifications of the log, the newest first; the latest ${SHOWN}.` })
  @ApiOkResponse({ type: VerificationListDto })
  @ProblemResponses(503)
  async list(): Promise<{ items: readonly VerificationRecord[] }> {
    return { items: await this.verifications.latest(SHOWN) };
  }
}
