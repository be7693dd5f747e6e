import { Body, Controller, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { GivenBy, type CommandHeaders, SeenRevision } from '#libs/http/command-headers.decorator.js';
import { Amount, Code, Instant, Text } from '#libs/http/fields.decorator.js';
import type { CommandAnswer } from '../commands/answer.js';
import { stepCommand } from '../commands/from-request.js';
import { DossierCodePipe } from '../http/dossier-code.pipe.js';
import { StepEndpoint } from '../http/step-endpoint.decorator.js';
import { confirmPayment, requestPayment } from './payment.js';

class RequestPaymentBody {
  @Amount({ example: 1_500_000 })
  amount!: number;
  @Code({ description: 'ISO 4217.', example: 'VND' })
  currency!: string;
  @Text({ optional: true, max: 2000, example: 'Chuyển phòng chuyên môn' })
  note?: string;
  @Instant({ optional: true, description: 'When it happened, as claimed; now if left out.' })
  occurredAt?: string;
}

class ConfirmPaymentBody {
  @Text({ optional: true, max: 2000, example: 'Chuyển phòng chuyên môn' })
  note?: string;
  @Instant({ optional: true, description: 'When it happened, as claimed; now if left out.' })
  occurredAt?: string;
}

@Controller('api/dossiers/:code')
export class PaymentController {
  constructor(private readonly commands: CommandBus) {}

  @StepEndpoint('request-payment', 'Tells what is to be paid (state 6); the clock stops.')
  requestPayment(
    @Param('code', DossierCodePipe) code: string,
    @SeenRevision() seen: bigint,
    @GivenBy() by: CommandHeaders,
    @Body() body: RequestPaymentBody,
  ): Promise<CommandAnswer> {
    return this.commands.execute(
      stepCommand('request-payment', { code, seen, by }, body, requestPayment(body)),
    );
  }

  @StepEndpoint('confirm-payment', 'The financial obligation is met (state 4); the clock goes on.')
  confirmPayment(
    @Param('code', DossierCodePipe) code: string,
    @SeenRevision() seen: bigint,
    @GivenBy() by: CommandHeaders,
    @Body() body: ConfirmPaymentBody,
  ): Promise<CommandAnswer> {
    return this.commands.execute(
      stepCommand('confirm-payment', { code, seen, by }, body, confirmPayment(body)),
    );
  }
}
