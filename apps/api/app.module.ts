import { join } from 'node:path';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import type { Platform } from '#apps/platform/open-platform.js';
import { projectRoot } from '#apps/platform/project-root.js';
import { Projections } from '#apps/worker/projections.js';
import { type Access, AccessModule } from '#libs/access/access.module.js';
import { ON_CLOSED } from '#libs/access/accounts/on-closed.js';
import { LimitInterceptor } from '#libs/access/limits/limit.interceptor.js';
import { REQUEST_LIMITER, type RequestLimiter } from '#libs/access/limits/request-limiter.js';
import { type SignInWays, SignInWaysModule } from '#libs/access/sign-in-ways.module.js';
import { PostgresReceipts } from '#libs/dossier/commands/receipts.adapter.js';
import { RECEIPTS } from '#libs/dossier/commands/receipts.js';
import { CalendarFeedController } from '#libs/calendar-feed/calendar-feed.controller.js';
import { DossierModule } from '#libs/dossier/dossier.module.js';
import { ErasureModule } from '#libs/erasure/erasure.module.js';
import { CLOCK } from '#libs/event-log/clock.js';
import { EVENT_LOG, LOG_ENGINE } from '#libs/event-log/event-log.js';
import { PUBLIC_URL } from '#libs/http/public-url.js';
import { RevisionInterceptor } from '#libs/http/revision.interceptor.js';
import { InboxController } from '#libs/inbox/inbox.controller.js';
import { AwaitPosition } from '#libs/live/await-position.query.js';
import { LiveModule } from '#libs/live/live.module.js';
import { LIVE_UPDATES } from '#libs/live/live-updates.js';
import { Updates } from '#libs/live/updates.query.js';
import { LookUpController } from '#libs/look-up/look-up.controller.js';
import { OutlookController } from '#libs/outlook/outlook.controller.js';
import { VAULT } from '#libs/personal-data/vault.js';
import { ProcedureModule } from '#libs/procedure/procedure.module.js';
import { POOL } from '#libs/read-db/pool.token.js';
import { PostgresReadTrace } from '#libs/read-trace/read-trace.adapter.js';
import { READ_TRACE } from '#libs/read-trace/read-trace.js';
import { type BoardOnDemand, QUEUE_BOARD } from '#libs/queue-board/queue-board.js';
import { QueueBoardController } from '#libs/queue-board/queue-board.controller.js';
import { ReadsController } from '#libs/read-trace/reads.controller.js';
import { ReceiptSlipController } from '#libs/receipt-slip/receipt-slip.controller.js';
import { ReferenceModule } from '#libs/reference/reference.module.js';
import { REFERENCE_DATA } from '#libs/reference/reference.events.js';
import { ReferenceStore } from '#libs/reference/reference-store.js';
import { PreferenceController } from '#libs/reminders/preferences/preference.controller.js';
import { PostgresPreferences } from '#libs/reminders/preferences/preferences.adapter.js';
import { UndeliveredController } from '#libs/reminders/undelivered/undelivered.controller.js';
import { ReportsModule } from '#libs/reports/reports.module.js';
import { CommandMeter } from '#libs/telemetry/command-meter.js';
import { VerificationController } from '#libs/verification/verification.controller.js';
import { RequestPipe } from './http/request.pipe.js';
import { OperationModule, type OperationParts } from './operation.module.js';
import { asProblem } from './problem/problem.filter.js';
import { ProblemsController } from './problem/problems.controller.js';

export interface AppParts extends OperationParts {
  readonly platform: Platform;
  readonly reference: ReferenceStore;
  readonly projections: Projections;
  readonly access: Access;
  readonly ways: SignInWays;
  readonly requestLimiter: RequestLimiter;
  readonly queueBoard: BoardOnDemand;
  /** Where browsers find the service. */
  readonly publicUrl?: string | undefined;
  /** How long a read may wait for its read model. */
  readonly readWaitMs?: number;
}

/** The parts that features ask for, by token. */
@Module({})
class PlatformModule {
  static of({
    platform,
    reference,
    projections,
    requestLimiter,
    queueBoard,
    stopping,
    publicUrl,
    readWaitMs = 5_000,
  }: AppParts): DynamicModule {
    const { pool, rawLog, live } = platform;
    const preferences = new PostgresPreferences(pool, platform.keeper);
    const values: [unknown, unknown][] = [
      [EVENT_LOG, platform.log],
      [LOG_ENGINE, rawLog.engine],
      [CLOCK, platform.clock],
      [VAULT, platform.vault],
      [POOL, platform.pool],
      [ReferenceStore, reference],
      [REFERENCE_DATA, reference.data],
      [REQUEST_LIMITER, requestLimiter],
      [QUEUE_BOARD, queueBoard],
      [RECEIPTS, new PostgresReceipts(platform.pool)],
      [Projections, projections],
      [LIVE_UPDATES, live],
      [AwaitPosition, new AwaitPosition({ pool, log: rawLog, live, limitMs: readWaitMs })],
      [Updates, new Updates({ pool, engine: rawLog.engine, live, stopping })],
      [PostgresPreferences, preferences],
      [ON_CLOSED, (account: string) => preferences.forget(account)],
      [PUBLIC_URL, publicUrl ?? null],
      [READ_TRACE, new PostgresReadTrace(pool, platform.vault, platform.clock)],
      [CommandMeter, new CommandMeter(platform.metrics, asProblem)],
    ];
    return {
      module: PlatformModule,
      global: true,
      providers: values.map(([provide, useValue]) => ({ provide: provide as symbol, useValue })),
      exports: values.map(([provide]) => provide as symbol),
    };
  }
}

/** The HTTP service: composition only. */
@Module({})
export class AppModule {
  static of(parts: AppParts): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.of(parts),
        OperationModule.of(parts),
        AccessModule.of(parts.access),
        SignInWaysModule.of(parts.ways),
        DossierModule,
        ErasureModule,
        LiveModule,
        ProcedureModule,
        ReferenceModule,
        ReportsModule.of(join(projectRoot, 'config/report-periods.json')),
      ],
      controllers: [
        CalendarFeedController,
        InboxController,
        LookUpController,
        OutlookController,
        PreferenceController,
        ProblemsController,
        QueueBoardController,
        ReadsController,
        ReceiptSlipController,
        UndeliveredController,
        VerificationController,
      ],
      providers: [
        { provide: APP_INTERCEPTOR, useClass: LimitInterceptor },
        { provide: APP_INTERCEPTOR, useClass: RevisionInterceptor },
        { provide: APP_PIPE, useClass: RequestPipe },
      ],
    };
  }
}
