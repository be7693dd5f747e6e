import { Controller, Get, Header } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Public } from '#libs/access/http/action.decorator.js';
import { Metrics, METRICS_TYPE } from '#libs/telemetry/metrics.adapter.js';

/** For Prometheus. The figures name no dossier and no person. */
@Controller('metrics')
@ApiTags('health')
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @Get()
  @Public()
  @Header('content-type', METRICS_TYPE)
  @ApiOperation({ summary: 'Figures of this process for Prometheus; see docs/operation.md.' })
  @ApiResponse({ status: 200, content: { 'text/plain': { schema: { type: 'string' } } } })
  read(): Promise<string> {
    return this.metrics.text();
  }
}
