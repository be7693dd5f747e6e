import { type DynamicModule, Module } from '@nestjs/common';
import { ReportII06aController } from './ii-06a/ii-06a.controller.js';
import { readReportPeriods, REPORT_PERIODS } from './periods/report-periods.query.js';

/** Reports out of the read model `report`; the projection itself is run by the worker. */
@Module({})
export class ReportsModule {
  /** `periodsFile`: where config/report-periods.json is. */
  static of(periodsFile: string): DynamicModule {
    return {
      module: ReportsModule,
      controllers: [ReportII06aController],
      providers: [{ provide: REPORT_PERIODS, useFactory: () => readReportPeriods(periodsFile) }],
    };
  }
}
