import { Body, Controller, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { GivenBy, type CommandHeaders, SeenRevision } from '#libs/http/command-headers.decorator.js';
import { Code, Instant, Text } from '#libs/http/fields.decorator.js';
import type { CommandAnswer } from '../commands/answer.js';
import { stepCommand } from '../commands/from-request.js';
import { DossierCodePipe } from '../http/dossier-code.pipe.js';
import { StepEndpoint } from '../http/step-endpoint.decorator.js';
import { consult, recordReply } from './consult.js';

class ConsultBody {
  @Text({ max: 300, description: 'Agency that is asked.', example: 'Sở Xây dựng' })
  agency!: string;
  @Instant({ optional: true, description: 'Until when it should answer.' })
  dueAt?: string;
  @Text({ optional: true, max: 2000, example: 'Chuyển phòng chuyên môn' })
  note?: string;
  @Instant({ optional: true, description: 'When it happened, as claimed; now if left out.' })
  occurredAt?: string;
}

class RecordReplyBody {
  @Code({ description: 'Which consultation, as the timeline names it.', example: 'c2' })
  consultation!: string;
  @Text({ optional: true, max: 2000, example: 'Chuyển phòng chuyên môn' })
  note?: string;
  @Instant({ optional: true, description: 'When it happened, as claimed; now if left out.' })
  occurredAt?: string;
}

@Controller('api/dossiers/:code')
export class ConsultController {
  constructor(private readonly commands: CommandBus) {}

  @StepEndpoint('consult', 'Asks another agency; the clock goes on.')
  consult(
    @Param('code', DossierCodePipe) code: string,
    @SeenRevision() seen: bigint,
    @GivenBy() by: CommandHeaders,
    @Body() body: ConsultBody,
  ): Promise<CommandAnswer> {
    return this.commands.execute(stepCommand('consult', { code, seen, by }, body, consult(body)));
  }

  @StepEndpoint('record-reply', 'Records the answer to a consultation.')
  recordReply(
    @Param('code', DossierCodePipe) code: string,
    @SeenRevision() seen: bigint,
    @GivenBy() by: CommandHeaders,
    @Body() body: RecordReplyBody,
  ): Promise<CommandAnswer> {
    return this.commands.execute(stepCommand('record-reply', { code, seen, by }, body, recordReply(body)));
  }
}
