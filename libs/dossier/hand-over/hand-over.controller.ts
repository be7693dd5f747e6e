import { Body, Controller, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { GivenBy, type CommandHeaders, SeenRevision } from '#libs/http/command-headers.decorator.js';
import { Account, Code, Instant, Text } from '#libs/http/fields.decorator.js';
import type { CommandAnswer } from '../commands/answer.js';
import { stepCommand } from '../commands/from-request.js';
import { DossierCodePipe } from '../http/dossier-code.pipe.js';
import { StepEndpoint } from '../http/step-endpoint.decorator.js';
import { handOver } from './hand-over.js';

class HandOverBody {
  @Code({ description: 'Unit that takes it.', example: 'QLDT' })
  toUnit!: string;
  @Account({ optional: true, description: 'Account of the official who takes it.', example: 'official-7' })
  toOfficial?: string;
  @Text({ optional: true, max: 2000, example: 'Chuyển phòng chuyên môn' })
  note?: string;
  @Instant({ optional: true, description: 'When it happened, as claimed; now if left out.' })
  occurredAt?: string;
}

@Controller('api/dossiers/:code')
export class HandOverController {
  constructor(private readonly commands: CommandBus) {}

  @StepEndpoint('hand-over', 'Hands the dossier to a unit (state 4).')
  handOver(
    @Param('code', DossierCodePipe) code: string,
    @SeenRevision() seen: bigint,
    @GivenBy() by: CommandHeaders,
    @Body() body: HandOverBody,
  ): Promise<CommandAnswer> {
    return this.commands.execute(stepCommand('hand-over', { code, seen, by }, body, handOver(body)));
  }
}
