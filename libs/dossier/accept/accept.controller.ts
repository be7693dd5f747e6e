import { Body, Controller, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { type CommandHeaders, GivenBy, SeenRevision } from '#libs/http/command-headers.decorator.js';
import { Account, Choice, Instant } from '#libs/http/fields.decorator.js';
import type { CommandAnswer } from '../commands/answer.js';
import { openingCommand, stepCommand } from '../commands/from-request.js';
import { type Channel, CHANNELS } from '../dossier.events.js';
import { DossierCodePipe } from '../http/dossier-code.pipe.js';
import { OpeningBody } from '../http/opening.dto.js';
import { OpeningEndpoint, StepEndpoint } from '../http/step-endpoint.decorator.js';
import { accept, acceptNew } from './accept.js';

class AcceptNewBody extends OpeningBody {
  @Choice(CHANNELS, { description: 'How it came in.', example: 'in_person' })
  channel!: Channel;
  @Account({ optional: true, description: 'Account of the official in charge.', example: 'official-7' })
  official?: string;
}

class AcceptBody {
  @Account({ optional: true, description: 'Account of the official in charge.', example: 'official-7' })
  official?: string;
  @Instant({ optional: true, description: 'When it happened, as claimed; now if left out.' })
  occurredAt?: string;
}

@Controller('api/dossiers')
export class AcceptController {
  constructor(private readonly commands: CommandBus) {}

  @OpeningEndpoint('accept-new', 'Takes a dossier in: gives it a code and starts the clock (state 2).', '')
  acceptNew(@GivenBy() by: CommandHeaders, @Body() body: AcceptNewBody): Promise<CommandAnswer> {
    return this.commands.execute(
      openingCommand('accept-new', by, body, (code, at) => acceptNew(body, code, at)),
    );
  }

  @StepEndpoint('accept', 'Accepts a dossier that was registered online (state 2).', ':code/accept')
  accept(
    @Param('code', DossierCodePipe) code: string,
    @SeenRevision() seen: bigint,
    @GivenBy() by: CommandHeaders,
    @Body() body: AcceptBody,
  ): Promise<CommandAnswer> {
    return this.commands.execute(stepCommand('accept', { code, seen, by }, body, accept(body)));
  }
}
