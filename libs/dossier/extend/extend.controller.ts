import { Body, Controller, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { GivenBy, type CommandHeaders, SeenRevision } from '#libs/http/command-headers.decorator.js';
import { Code, Instant, Text } from '#libs/http/fields.decorator.js';
import type { CommandAnswer } from '../commands/answer.js';
import { stepCommand } from '../commands/from-request.js';
import { DossierCodePipe } from '../http/dossier-code.pipe.js';
import { StepEndpoint } from '../http/step-endpoint.decorator.js';
import { propose } from '../proposals/propose.js';

class ExtendBody {
  @Instant({ description: 'The new due instant.', example: '2024-02-15T09:30:00+07:00' })
  newDueAt!: string;
  @Code({ optional: true, description: 'Number of the apology slip; needed.', example: 'PXL-2024/017' })
  apologyNumber?: string;
  @Text({ max: 2000, example: 'Hồ sơ không thuộc thẩm quyền giải quyết' })
  reason!: string;
  @Instant({ optional: true, description: 'When it was proposed, as claimed; now if left out.' })
  occurredAt?: string;
}

@Controller('api/dossiers/:code')
export class ExtendController {
  constructor(private readonly commands: CommandBus) {}

  @StepEndpoint(
    'propose-extension',
    'Proposes a new due instant, with an apology; it is issued when somebody else approves it.',
    'extend',
  )
  extend(
    @Param('code', DossierCodePipe) code: string,
    @SeenRevision() seen: bigint,
    @GivenBy() by: CommandHeaders,
    @Body() body: ExtendBody,
  ): Promise<CommandAnswer> {
    const { newDueAt, apologyNumber, ...said } = body;
    const proposed = propose({ step: 'extend', input: { newDueAt, apologyNumber } }, said);
    return this.commands.execute(stepCommand('extend', { code, seen, by }, body, proposed));
  }
}
