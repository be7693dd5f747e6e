import { Body, Controller, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { GivenBy, type CommandHeaders, SeenRevision } from '#libs/http/command-headers.decorator.js';
import { Choice, Code, Instant, Text } from '#libs/http/fields.decorator.js';
import type { CommandAnswer } from '../commands/answer.js';
import { stepCommand } from '../commands/from-request.js';
import { DossierCodePipe } from '../http/dossier-code.pipe.js';
import { StepEndpoint } from '../http/step-endpoint.decorator.js';
import type { CorrectableTime } from '../dossier.events.js';
import { propose } from '../proposals/propose.js';

class CorrectBody {
  @Choice(['accepted_at', 'resolved_at', 'returned_at', 'due_at'], { example: 'resolved_at' })
  field!: CorrectableTime;
  @Instant({ description: 'What it should have been.' })
  to!: string;
  @Code({
    optional: true,
    description: 'Number of the form on which it was decided; needed.',
    example: 'DC-2024/003',
  })
  form?: string;
  @Text({ max: 2000, example: 'Hồ sơ không thuộc thẩm quyền giải quyết' })
  reason!: string;
}

@Controller('api/dossiers/:code')
export class CorrectController {
  constructor(private readonly commands: CommandBus) {}

  @StepEndpoint(
    'propose-correction',
    'Proposes to replace a claimed time; it is replaced when somebody else approves it.',
    'correct',
  )
  correct(
    @Param('code', DossierCodePipe) code: string,
    @SeenRevision() seen: bigint,
    @GivenBy() by: CommandHeaders,
    @Body() body: CorrectBody,
  ): Promise<CommandAnswer> {
    const { field, to, form, reason } = body;
    const proposed = propose({ step: 'correct', input: { field, to, form } }, { reason });
    return this.commands.execute(stepCommand('correct', { code, seen, by }, body, proposed));
  }
}
