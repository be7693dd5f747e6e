import { applyDecorators, Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import { Action } from '#libs/access/http/action.decorator.js';
import { CalledBy } from '#libs/access/http/caller.decorator.js';
import type { Caller } from '#libs/access/demand.js';
import type { Action as PolicyAction } from '#libs/access/policy.js';
import { type CommandHeaders, GivenBy } from '#libs/http/command-headers.decorator.js';
import { Code, Whole } from '#libs/http/fields.decorator.js';
import { ProblemResponses } from '#libs/http/problem-responses.decorator.js';
import type { DuePage } from './due-for-erasure.query.js';
import { approveErasure, proposeErasure, refuseErasure } from './erase.js';
import {
  ApproveErasureBody,
  DuePageDto,
  ErasureAnswerDto,
  OpenErasureDto,
  PersonDto,
  ProposeErasureBody,
  RefuseErasureBody,
  WaitingErasuresDto,
} from './erasure.dto.js';
import type { ErasureAnswer } from './erasure-runner.js';
import type { OpenProposal } from './person.js';
import { type Person, Persons } from './persons.service.js';

const SUBJECT = ApiParam({ name: 'subject', example: '7d7c1f0a-3c2e-5b52-9a43-1f0b6a2d9e11' });

class DueQuery {
  @Code({ optional: true, description: '`next` of the page before.' })
  after?: string;
  @Whole({ optional: true, min: 1, max: 200, query: true })
  limit: number = 50;
}

function ErasureEndpoint(action: PolicyAction, path: string, summary: string): MethodDecorator {
  return applyDecorators(
    Post(path),
    HttpCode(200),
    Action(action),
    ApiOperation({ summary }),
    SUBJECT,
    ApiHeader({ name: 'Idempotency-Key', required: true, example: '5e6f0c9e-0a0a-4b51-8d5b-2f3f1a8f1c11' }),
    ApiResponse({ status: 200, type: ErasureAnswerDto }),
    ProblemResponses(400, 404, 409, 413, 415, 422, 503),
  );
}

/** Forgetting persons: what is due, what is proposed, and the decision of a second person. */
@Controller('api/persons')
@ApiTags('persons')
@ApiExtraModels(OpenErasureDto)
export class ErasureController {
  constructor(private readonly persons: Persons) {}

  @Get('due-for-erasure')
  @Action('list-due-for-erasure')
  @ApiOperation({ summary: 'Persons whose data the law wants erased: no dossier open, held or to be kept.' })
  @ApiOkResponse({ type: DuePageDto })
  @ProblemResponses(400, 503)
  due(@CalledBy() caller: Caller, @Query() { after = '', limit }: DueQuery): Promise<DuePage> {
    return this.persons.due(caller, { after, limit });
  }

  @Get('erasure-proposals')
  @Action('list-due-for-erasure')
  @ApiOperation({ summary: 'Erasures that wait for a second person.' })
  @ApiOkResponse({ type: WaitingErasuresDto })
  @ProblemResponses(503)
  async waiting(@CalledBy() caller: Caller): Promise<{ items: (OpenProposal & { subject: string })[] }> {
    return { items: await this.persons.waiting(caller) };
  }

  @Get(':subject')
  @Action('list-due-for-erasure')
  @ApiOperation({ summary: 'A person: the dossiers with his data, and what stands against erasing them.' })
  @SUBJECT
  @ApiOkResponse({ type: PersonDto })
  @ProblemResponses(404, 503)
  one(@Param('subject') subject: string, @CalledBy() caller: Caller): Promise<Person> {
    return this.persons.one(subject, caller);
  }

  @ErasureEndpoint('propose-erasure', ':subject/erasure', 'Proposes to erase the personal data of a person.')
  propose(
    @Param('subject') subject: string,
    @GivenBy() by: CommandHeaders,
    @Body() body: ProposeErasureBody,
  ): Promise<ErasureAnswer> {
    return this.persons.run(subject, by, { step: 'propose', input: body }, (state, situation) =>
      proposeErasure(state, body, situation),
    );
  }

  @ErasureEndpoint('decide-proposal', ':subject/erasure/approve', 'Approves it: the data are gone for good.')
  approve(
    @Param('subject') subject: string,
    @GivenBy() by: CommandHeaders,
    @Body() { proposal }: ApproveErasureBody,
  ): Promise<ErasureAnswer> {
    return this.persons.run(subject, by, { step: 'approve', proposal }, (state, situation, acting) =>
      approveErasure(state, { proposal, acting }, situation),
    );
  }

  @ErasureEndpoint('decide-proposal', ':subject/erasure/refuse', 'Refuses it, or takes back one’s own.')
  refuse(
    @Param('subject') subject: string,
    @GivenBy() by: CommandHeaders,
    @Body() { proposal, reason }: RefuseErasureBody,
  ): Promise<ErasureAnswer> {
    return this.persons.run(subject, by, { step: 'refuse', proposal, reason }, (state) =>
      refuseErasure(state, { proposal, reason }),
    );
  }
}
