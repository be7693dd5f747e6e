import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { CLOCK, type Clock } from '#libs/event-log/clock.js';
import { EVENT_LOG, type EventLog } from '#libs/event-log/event-log.js';
import { type Vault, VAULT } from '#libs/personal-data/vault.js';
import { REFERENCE_DATA, type ReferenceData } from '#libs/reference/reference.events.js';
import { AcceptController } from './accept/accept.controller.js';
import { AnnotateController } from './annotate/annotate.controller.js';
import { CancelAlertController } from './cancel-alert/cancel-alert.controller.js';
import { CommandRunner } from './commands/command-runner.js';
import { ChangeDossierHandler, OpenDossierHandler } from './commands/commands.handler.js';
import { type Receipts, RECEIPTS } from './commands/receipts.js';
import { ConsultController } from './consult/consult.controller.js';
import { CorrectController } from './correct/correct.controller.js';
import { GetDossierController } from './detail/get-dossier.controller.js';
import { GetDossierHandler } from './detail/get-dossier.query.js';
import { DecideController } from './proposals/decide.controller.js';
import { ExtendController } from './extend/extend.controller.js';
import { HandOverController } from './hand-over/hand-over.controller.js';
import { HoldController } from './hold/hold.controller.js';
import { LinkController } from './link/link.controller.js';
import { PaymentController } from './payment/payment.controller.js';
import { ReceiveSupplementController } from './receive-supplement/receive-supplement.controller.js';
import { RegisterController } from './register/register.controller.js';
import { RejectController } from './reject/reject.controller.js';
import { RequestSupplementController } from './request-supplement/request-supplement.controller.js';
import { ResolveController } from './resolve/resolve.controller.js';
import { ReturnResultController } from './return-result/return-result.controller.js';
import { StopController } from './stop/stop.controller.js';
import { WithdrawController } from './withdraw/withdraw.controller.js';
import { ListDossiersController } from './worklist/list-dossiers.controller.js';

/** The steps of a dossier, its page and the worklist. Takes log, clock, vault, reference data, receipts and pool from the app. */
@Module({
  imports: [CqrsModule],
  controllers: [
    ListDossiersController,
    GetDossierController,
    RegisterController,
    AcceptController,
    RejectController,
    HandOverController,
    ConsultController,
    RequestSupplementController,
    ReceiveSupplementController,
    PaymentController,
    ExtendController,
    WithdrawController,
    StopController,
    ResolveController,
    ReturnResultController,
    CorrectController,
    CancelAlertController,
    DecideController,
    HoldController,
    AnnotateController,
    LinkController,
  ],
  providers: [
    ChangeDossierHandler,
    OpenDossierHandler,
    GetDossierHandler,
    {
      provide: CommandRunner,
      inject: [EVENT_LOG, RECEIPTS, REFERENCE_DATA, CLOCK, VAULT],
      useFactory: (log: EventLog, receipts: Receipts, reference: ReferenceData, clock: Clock, vault: Vault) =>
        new CommandRunner(log, receipts, reference, clock, vault),
    },
  ],
})
export class DossierModule {}
