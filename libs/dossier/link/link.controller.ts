import { Body, Controller, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { GivenBy, type CommandHeaders, SeenRevision } from '#libs/http/command-headers.decorator.js';
import { Code, Instant } from '#libs/http/fields.decorator.js';
import type { CommandAnswer } from '../commands/answer.js';
import { stepCommand } from '../commands/from-request.js';
import { DossierCodePipe } from '../http/dossier-code.pipe.js';
import { StepEndpoint } from '../http/step-endpoint.decorator.js';
import { link } from './link.js';

class LinkBody {
  @Code({ description: 'Code of the earlier dossier.', example: 'H54.12-240110-0003' })
  formerCode!: string;
  @Instant({ optional: true, description: 'When it happened, as claimed; now if left out.' })
  occurredAt?: string;
}

@Controller('api/dossiers/:code')
export class LinkController {
  constructor(private readonly commands: CommandBus) {}

  @StepEndpoint('link', 'Names the earlier dossier that this one continues.')
  link(
    @Param('code', DossierCodePipe) code: string,
    @SeenRevision() seen: bigint,
    @GivenBy() by: CommandHeaders,
    @Body() body: LinkBody,
  ): Promise<CommandAnswer> {
    return this.commands.execute(
      stepCommand('link', { code, seen, by }, body, link(body), [body.formerCode]),
    );
  }
}
