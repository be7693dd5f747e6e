import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '#libs/access/http/action.decorator.js';
import type { VerificationRecord } from '#libs/verification/verification.js';
import { LiveDto, ReadyDto } from './health.dto.js';
import { type ProjectionHealth, Vitals } from './vitals.js';

/**
 * `live`: the process answers; it asks nobody else, so that a lost database does not get processes killed. `ready`:
 * it can carry out commands (200) or not (503); `degraded` says that lists, reports or jobs stand still or are late.
 */
@Controller('health')
@ApiTags('health')
export class HealthController {
  constructor(private readonly vitals: Vitals) {}

  @Get('live')
  @Public()
  @ApiOperation({ summary: 'The process answers.' })
  @ApiResponse({ status: 200, type: LiveDto })
  live(): { status: string } {
    return { status: 'ok' };
  }

  @Get('ready')
  @Public()
  @ApiOperation({ summary: 'What the service works with, and its projections: how they are.' })
  @ApiResponse({ status: 200, type: ReadyDto })
  @ApiResponse({ status: 503, type: ReadyDto })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const { status, dependencies, projections, lastVerification, lastTraceVerification } =
      await this.vitals.read();
    if (status === 'unavailable' || status === 'stopping') void reply.status(503);
    return {
      status,
      dependencies,
      projections: projections.map(shown),
      lastVerification: inShort(lastVerification),
      lastTraceVerification: inShort(lastTraceVerification),
    };
  }
}

/** What was found is for auditors: `GET /api/verifications`. */
function inShort(last: VerificationRecord | null | undefined): object | null | undefined {
  if (!last) return last;
  const { engine, startedAt, endedAt, events, position, findingsCount } = last;
  return { engine, startedAt, endedAt, events, position, findingsCount };
}

/** Positions are kept as text where they are stored, and shown as numbers. */
function shown({ poisonedEvent, ...status }: ProjectionHealth): object {
  if (!poisonedEvent) return status;
  return { ...status, poisonedEvent: { ...poisonedEvent, position: Number(poisonedEvent.position) } };
}
