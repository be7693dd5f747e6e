import { Body, Controller, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { GivenBy, type CommandHeaders, SeenRevision } from '#libs/http/command-headers.decorator.js';
import { Instant, Parts, Text } from '#libs/http/fields.decorator.js';
import type { CommandAnswer } from '../commands/answer.js';
import { stepCommand } from '../commands/from-request.js';
import { DossierCodePipe } from '../http/dossier-code.pipe.js';
import { StepEndpoint } from '../http/step-endpoint.decorator.js';
import { PaperDto } from '../http/party.dto.js';
import { requestSupplement } from './request-supplement.js';

class RequestSupplementBody {
  @Parts(() => PaperDto, { description: 'Papers still needed.' })
  papers!: PaperDto[];
  @Text({ max: 2000, example: 'Hồ sơ không thuộc thẩm quyền giải quyết' })
  reason!: string;
  @Text({ optional: true, max: 1000, example: 'Điều 36 Nghị định 31/2021/NĐ-CP' })
  legalBasis?: string;
  @Instant({ optional: true, description: 'When it happened, as claimed; now if left out.' })
  occurredAt?: string;
}

@Controller('api/dossiers/:code')
export class RequestSupplementController {
  constructor(private readonly commands: CommandBus) {}

  @StepEndpoint('request-supplement', 'Asks for missing papers (state 5); the clock stops.')
  requestSupplement(
    @Param('code', DossierCodePipe) code: string,
    @SeenRevision() seen: bigint,
    @GivenBy() by: CommandHeaders,
    @Body() body: RequestSupplementBody,
  ): Promise<CommandAnswer> {
    return this.commands.execute(
      stepCommand('request-supplement', { code, seen, by }, body, requestSupplement(body)),
    );
  }
}
