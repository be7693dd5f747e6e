import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Pool } from 'pg';
import { Code, Instant, Text, Whole } from '#libs/http/fields.decorator.js';
import { ProblemResponses } from '#libs/http/problem-responses.decorator.js';
import { Action } from '#libs/access/http/action.decorator.js';
import { VAULT, type Vault } from '#libs/personal-data/vault.js';
import { Problem } from '#libs/problem/problem.js';
import { POOL } from '#libs/read-db/pool.token.js';
import { ReadsPageDto } from './reads.dto.js';
import { listReads, MOST_READS, type ReadsPage } from './reads.query.js';
import { TraceEntries } from './trace-entries.adapter.js';

class ReadsQuery {
  @Code({ optional: true, description: 'Code of the dossier that was looked at.' })
  dossier?: string;
  @Text({ optional: true, max: 64, description: 'Account that looked.' })
  account?: string;
  @Instant({ optional: true, description: 'From this instant on.' })
  from?: string;
  @Instant({ optional: true, description: 'Before this instant.' })
  to?: string;
  @Whole({ optional: true, min: 1, max: MOST_READS, query: true })
  limit?: number;
  @Text({ optional: true, max: 20, description: '`next` of the page before.' })
  cursor?: string;
}

/** Who looked at whose personal data. */
@Controller('api/reads')
@ApiTags('reads')
export class ReadsController {
  private readonly entries: TraceEntries;

  constructor(
    @Inject(POOL) pool: Pool,
    @Inject(VAULT) private readonly vault: Vault,
  ) {
    this.entries = new TraceEntries(pool);
  }

  @Get()
  @Action('read-trace')
  @ApiOperation({
    summary: 'Who looked at whose personal data, when and why: the newest first, page by page.',
  })
  @ApiOkResponse({ type: ReadsPageDto })
  @ProblemResponses(400, 503)
  list(@Query() { limit, cursor, ...filter }: ReadsQuery): Promise<ReadsPage> {
    const before = cursor === undefined ? undefined : numberOf(cursor);
    return listReads({ entries: this.entries, vault: this.vault }, { ...filter, before }, limit);
  }
}

/** @throws Problem `invalid-request` if it is no cursor of ours */
function numberOf(cursor: string): bigint {
  if (/^\d{1,15}$/.test(cursor)) return BigInt(cursor);
  throw new Problem('invalid-request', {}, [{ pointer: 'query:cursor', rule: 'cursor' }]);
}
