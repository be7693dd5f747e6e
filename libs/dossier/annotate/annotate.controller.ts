import { Body, Controller, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { GivenBy, type CommandHeaders, SeenRevision } from '#libs/http/command-headers.decorator.js';
import { Instant, Text } from '#libs/http/fields.decorator.js';
import type { CommandAnswer } from '../commands/answer.js';
import { stepCommand } from '../commands/from-request.js';
import { DossierCodePipe } from '../http/dossier-code.pipe.js';
import { StepEndpoint } from '../http/step-endpoint.decorator.js';
import { annotate } from './annotate.js';

class AnnotateBody {
  @Text({ max: 2000, example: 'Chuyển phòng chuyên môn' })
  note!: string;
  @Instant({ optional: true, description: 'When it happened, as claimed; now if left out.' })
  occurredAt?: string;
}

@Controller('api/dossiers/:code')
export class AnnotateController {
  constructor(private readonly commands: CommandBus) {}

  @StepEndpoint('annotate', 'Adds a note.')
  annotate(
    @Param('code', DossierCodePipe) code: string,
    @SeenRevision() seen: bigint,
    @GivenBy() by: CommandHeaders,
    @Body() body: AnnotateBody,
  ): Promise<CommandAnswer> {
    return this.commands.execute(stepCommand('annotate', { code, seen, by }, body, annotate(body)));
  }
}
