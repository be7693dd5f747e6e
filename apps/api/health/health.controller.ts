import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Pool } from 'pg';
import { EVENT_LOG, type EventLog } from '#libs/event-log/event-log.js';
import { Public } from '#libs/http/roles.decorator.js';
import type { ProjectionStatus } from '#libs/projection/status.js';
import { POOL } from '#libs/read-db/pool.token.js';
import { Projections } from '#apps/worker/projections.js';
import { LiveDto, ReadyDto } from './health.dto.js';

/**
 * `live`: the process answers. `ready`: it can do its work (200), or not (503). A projection that has stopped makes
 * it `degraded`: dossiers can be logged, but lists or reports stand still; the event at fault is named.
 */
@Controller('health')
@ApiTags('health')
export class HealthController {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(POOL) private readonly pool: Pool,
    private readonly projections: Projections,
  ) {}

  @Get('live')
  @Public()
  @ApiOperation({ summary: 'The process answers.' })
  @ApiResponse({ status: 200, type: LiveDto })
  live(): { status: string } {
    return { status: 'ok' };
  }

  @Get('ready')
  @Public()
  @ApiOperation({ summary: 'Log, database and projections: how they are.' })
  @ApiResponse({ status: 200, type: ReadyDto })
  @ApiResponse({ status: 503, type: ReadyDto })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const [log, database] = await Promise.all([
      reachable(this.log.head()),
      reachable(this.pool.query('SELECT 1')),
    ]);
    const up = log && database;
    const projections: ProjectionStatus[] = up ? await this.projections.status().catch(() => []) : [];
    if (!up) void reply.status(503);
    const stopped = projections.some((projection) => projection.status === 'stopped');
    return {
      status: !up ? 'unavailable' : stopped ? 'degraded' : 'ok',
      eventLog: log ? 'ok' : 'unavailable',
      database: database ? 'ok' : 'unavailable',
      projections: projections.map(shown),
    };
  }
}

/** Positions are kept as text where they are stored, and shown as numbers. */
function shown({ poisonedEvent, ...status }: ProjectionStatus): object {
  if (!poisonedEvent) return status;
  return { ...status, poisonedEvent: { ...poisonedEvent, position: Number(poisonedEvent.position) } };
}

const PATIENCE_MS = 2_000;

/** Whether it answers at all, and soon. */
async function reachable(question: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), PATIENCE_MS)));
  try {
    return await Promise.race([
      question.then(
        () => true,
        () => false,
      ),
      late,
    ]);
  } finally {
    clearTimeout(timer);
  }
}
