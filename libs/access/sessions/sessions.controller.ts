import { Controller, Delete, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { Plain } from '#libs/http/plain.js';
import { ProblemResponses } from '#libs/http/problem-responses.decorator.js';
import { Problem } from '#libs/problem/problem.js';
import { Action, WhileEnrolling } from '../http/action.decorator.js';
import { SignedIn } from '../http/caller.decorator.js';
import type { Principal } from '../principal.js';
import { EndedDto, sessionDto, SessionListDto } from './session.dto.js';
import { Sessions } from './sessions.adapter.js';

/** Where one is signed in. */
@Controller('api/sessions')
@ApiTags('own account')
export class SessionsController {
  constructor(private readonly sessions: Sessions) {}

  @Get()
  @Action('manage-self')
  @WhileEnrolling()
  @ApiOperation({ summary: 'Own sessions, the newest first.' })
  @ApiOkResponse({ type: SessionListDto })
  @ProblemResponses(401, 503)
  async list(@SignedIn() { id, session }: Principal): Promise<Plain<SessionListDto>> {
    const own = await this.sessions.listOf(id);
    return { items: own.map((each) => sessionDto(each, this.sessions.limits, session)) };
  }

  @Delete(':session')
  @Action('manage-self')
  @WhileEnrolling()
  @ApiOperation({ summary: 'Ends a session of one’s own.' })
  @ApiParam({ name: 'session', example: '1d0ee3a5-5b1f-4b8d-9d58-3a0a8f5d2f61' })
  @ApiOkResponse({ type: EndedDto })
  @ProblemResponses(401, 403, 404, 503)
  async end(@SignedIn() { id }: Principal, @Param('session') session: string): Promise<Plain<EndedDto>> {
    if (!(await this.sessions.end(id, session))) throw new Problem('session-unknown', { session });
    return { ended: 1 };
  }
}
