import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { ActorGuard } from '#libs/http/actor.guard.js';
import { STOPPING } from '#libs/http/stopping.js';
import { LOGGER, type Logger } from '#libs/telemetry/logger.adapter.js';
import { Metrics } from '#libs/telemetry/metrics.adapter.js';
import { HealthController } from './health/health.controller.js';
import { measureVitals } from './health/measure-vitals.js';
import { Vitals, type VitalsParts } from './health/vitals.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { ProblemFilter } from './problem/problem.filter.js';

export interface OperationParts extends VitalsParts {
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** Health and metrics, the same in every program of ours that runs on. */
@Module({})
export class OperationModule {
  static of(parts: OperationParts): DynamicModule {
    const { metrics, logger, stopping } = parts;
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
        { provide: APP_GUARD, useClass: ActorGuard },
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
      exports: [LOGGER, STOPPING, Metrics],
    };
  }
}
