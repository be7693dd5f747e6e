import { Body, Controller, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { GivenBy, type CommandHeaders, SeenRevision } from '#libs/http/command-headers.decorator.js';
import { Choice, Instant, Text } from '#libs/http/fields.decorator.js';
import type { CommandAnswer } from '../commands/answer.js';
import { stepCommand } from '../commands/from-request.js';
import { DossierCodePipe } from '../http/dossier-code.pipe.js';
import { StepEndpoint } from '../http/step-endpoint.decorator.js';
import { resolve } from './resolve.js';

class ResolveBody {
  @Choice(['granted', 'refused'], { example: 'granted' })
  outcome!: 'granted' | 'refused';
  @Text({ optional: true, max: 2000, example: 'Chuyển phòng chuyên môn' })
  note?: string;
  @Instant({ optional: true, description: 'When it happened, as claimed; now if left out.' })
  occurredAt?: string;
}

@Controller('api/dossiers/:code')
export class ResolveController {
  constructor(private readonly commands: CommandBus) {}

  @StepEndpoint('resolve', 'The work is done, the result is there (state 9).')
  resolve(
    @Param('code', DossierCodePipe) code: string,
    @SeenRevision() seen: bigint,
    @GivenBy() by: CommandHeaders,
    @Body() body: ResolveBody,
  ): Promise<CommandAnswer> {
    return this.commands.execute(stepCommand('resolve', { code, seen, by }, body, resolve(body)));
  }
}
