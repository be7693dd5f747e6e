import { Body, Controller, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { GivenBy, type CommandHeaders, SeenRevision } from '#libs/http/command-headers.decorator.js';
import { Choice, Instant, Text } from '#libs/http/fields.decorator.js';
import { REMINDER_TOPICS, type ReminderTopic } from '#libs/reference/reminder-rules.js';
import type { CommandAnswer } from '../commands/answer.js';
import { stepCommand } from '../commands/from-request.js';
import { DossierCodePipe } from '../http/dossier-code.pipe.js';
import { StepEndpoint } from '../http/step-endpoint.decorator.js';
import { propose } from '../proposals/propose.js';

class CancelAlertBody {
  @Choice(REMINDER_TOPICS, { description: 'What the reminders are about.', example: 'result' })
  topic!: ReminderTopic;
  @Instant({ description: 'The due instant that they name.', example: '2024-02-15T09:30:00+07:00' })
  dueAt!: string;
  @Text({ max: 2000, example: 'Tòa án đang thụ lý, chờ bản án' })
  reason!: string;
}

@Controller('api/dossiers/:code')
export class CancelAlertController {
  constructor(private readonly commands: CommandBus) {}

  @StepEndpoint(
    'propose-alert-cancellation',
    'Proposes to remind nobody of this any more; it falls silent when somebody else approves it.',
    'cancel-alert',
  )
  cancelAlert(
    @Param('code', DossierCodePipe) code: string,
    @SeenRevision() seen: bigint,
    @GivenBy() by: CommandHeaders,
    @Body() body: CancelAlertBody,
  ): Promise<CommandAnswer> {
    const { topic, dueAt, reason } = body;
    const proposed = propose({ step: 'cancel-alert', input: { topic, dueAt } }, { reason });
    return this.commands.execute(stepCommand('cancel-alert', { code, seen, by }, body, proposed));
  }
}
