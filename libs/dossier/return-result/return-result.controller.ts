import { Body, Controller, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { GivenBy, type CommandHeaders, SeenRevision } from '#libs/http/command-headers.decorator.js';
import { Choice, Instant, Text } from '#libs/http/fields.decorator.js';
import type { CommandAnswer } from '../commands/answer.js';
import { stepCommand } from '../commands/from-request.js';
import { DossierCodePipe } from '../http/dossier-code.pipe.js';
import { StepEndpoint } from '../http/step-endpoint.decorator.js';
import { type Channel, CHANNELS } from '../dossier.events.js';
import { returnResult } from './return-result.js';

class ReturnResultBody {
  @Choice(CHANNELS, { example: 'in_person' })
  method!: Channel;
  @Text({ optional: true, max: 2000, example: 'Chuyển phòng chuyên môn' })
  note?: string;
  @Instant({ optional: true, description: 'When it happened, as claimed; now if left out.' })
  occurredAt?: string;
}

@Controller('api/dossiers/:code')
export class ReturnResultController {
  constructor(private readonly commands: CommandBus) {}

  @StepEndpoint('return', 'Gives the result to the applicant (state 10).')
  returnResult(
    @Param('code', DossierCodePipe) code: string,
    @SeenRevision() seen: bigint,
    @GivenBy() by: CommandHeaders,
    @Body() body: ReturnResultBody,
  ): Promise<CommandAnswer> {
    return this.commands.execute(stepCommand('return', { code, seen, by }, body, returnResult(body)));
  }
}
