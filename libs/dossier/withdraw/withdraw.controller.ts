import { Body, Controller, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { GivenBy, type CommandHeaders, SeenRevision } from '#libs/http/command-headers.decorator.js';
import { Instant, Text } from '#libs/http/fields.decorator.js';
import type { CommandAnswer } from '../commands/answer.js';
import { stepCommand } from '../commands/from-request.js';
import { DossierCodePipe } from '../http/dossier-code.pipe.js';
import { StepEndpoint } from '../http/step-endpoint.decorator.js';
import { withdraw } from './withdraw.js';

class WithdrawBody {
  @Text({ max: 2000, example: 'Hồ sơ không thuộc thẩm quyền giải quyết' })
  reason!: string;
  @Instant({ optional: true, description: 'When it happened, as claimed; now if left out.' })
  occurredAt?: string;
}

@Controller('api/dossiers/:code')
export class WithdrawController {
  constructor(private readonly commands: CommandBus) {}

  @StepEndpoint('withdraw', 'Ends the dossier at the wish of its applicant (state 7).')
  withdraw(
    @Param('code', DossierCodePipe) code: string,
    @SeenRevision() seen: bigint,
    @GivenBy() by: CommandHeaders,
    @Body() body: WithdrawBody,
  ): Promise<CommandAnswer> {
    return this.commands.execute(stepCommand('withdraw', { code, seen, by }, body, withdraw(body)));
  }
}
