import { Body, Controller, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { GivenBy, type CommandHeaders, SeenRevision } from '#libs/http/command-headers.decorator.js';
import { Instant, Text } from '#libs/http/fields.decorator.js';
import type { CommandAnswer } from '../commands/answer.js';
import { stepCommand } from '../commands/from-request.js';
import { DossierCodePipe } from '../http/dossier-code.pipe.js';
import { StepEndpoint } from '../http/step-endpoint.decorator.js';
import { reject } from './reject.js';

class RejectBody {
  @Text({ max: 2000, example: 'Hồ sơ không thuộc thẩm quyền giải quyết' })
  reason!: string;
  @Text({ optional: true, max: 1000, example: 'Điều 36 Nghị định 31/2021/NĐ-CP' })
  legalBasis?: string;
  @Instant({ optional: true, description: 'When it happened, as claimed; now if left out.' })
  occurredAt?: string;
}

@Controller('api/dossiers/:code')
export class RejectController {
  constructor(private readonly commands: CommandBus) {}

  @StepEndpoint('reject', 'Refuses a registered dossier (state 3).')
  reject(
    @Param('code', DossierCodePipe) code: string,
    @SeenRevision() seen: bigint,
    @GivenBy() by: CommandHeaders,
    @Body() body: RejectBody,
  ): Promise<CommandAnswer> {
    return this.commands.execute(stepCommand('reject', { code, seen, by }, body, reject(body)));
  }
}
