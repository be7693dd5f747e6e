import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { AccessGuard } from '#libs/access/http/access.guard.js';
import { CLOCK, type Clock } from '#libs/event-log/clock.js';
import { STOPPING } from '#libs/http/stopping.js';
import { LOGGER, type Logger } from '#libs/telemetry/logger.adapter.js';
import { Metrics } from '#libs/telemetry/metrics.adapter.js';
import { HealthController } from './health/health.controller.js';
import { measureVitals } from './health/measure-vitals.js';
import { Vitals, type VitalsParts } from './health/vitals.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { ProblemFilter } from './problem/problem.filter.js';

export interface OperationParts extends VitalsParts {
  readonly platform: VitalsParts['platform'] & { readonly clock: Clock };
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** Health and metrics, the same in every program of ours that runs on. */
@Module({})
export class OperationModule {
  static of(parts: OperationParts): DynamicModule {
    const { metrics, logger, platform, stopping } = parts;
    const vitals = new Vitals(parts);
    measureVitals(metrics, vitals);
    return {
      module: OperationModule,
      global: true,
      controllers: [HealthController, MetricsController],
      providers: [
        { provide: Vitals, useValue: vitals },
        { provide: Metrics, useValue: metrics },
        { provide: LOGGER, useValue: logger },
        { provide: STOPPING, useValue: stopping },
        { provide: CLOCK, useValue: platform.clock },
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
      exports: [LOGGER, STOPPING, Metrics],
    };
  }
}
