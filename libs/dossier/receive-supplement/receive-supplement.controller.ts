import { Body, Controller, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { GivenBy, type CommandHeaders, SeenRevision } from '#libs/http/command-headers.decorator.js';
import { Instant, Parts } from '#libs/http/fields.decorator.js';
import type { CommandAnswer } from '../commands/answer.js';
import { stepCommand } from '../commands/from-request.js';
import { DossierCodePipe } from '../http/dossier-code.pipe.js';
import { StepEndpoint } from '../http/step-endpoint.decorator.js';
import { PaperDto } from '../http/party.dto.js';
import { receiveSupplement } from './receive-supplement.js';

class ReceiveSupplementBody {
  @Parts(() => PaperDto, { optional: true, description: 'Papers handed in.' })
  papers?: PaperDto[];
  @Instant({ optional: true, description: 'When it happened, as claimed; now if left out.' })
  occurredAt?: string;
}

@Controller('api/dossiers/:code')
export class ReceiveSupplementController {
  constructor(private readonly commands: CommandBus) {}

  @StepEndpoint('receive-supplement', 'Takes in the supplement (state 4); the clock goes on.')
  receiveSupplement(
    @Param('code', DossierCodePipe) code: string,
    @SeenRevision() seen: bigint,
    @GivenBy() by: CommandHeaders,
    @Body() body: ReceiveSupplementBody,
  ): Promise<CommandAnswer> {
    return this.commands.execute(
      stepCommand('receive-supplement', { code, seen, by }, body, receiveSupplement(body)),
    );
  }
}
