import { Body, Controller, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { GivenBy, type CommandHeaders, SeenRevision } from '#libs/http/command-headers.decorator.js';
import { Text } from '#libs/http/fields.decorator.js';
import type { CommandAnswer } from '../commands/answer.js';
import { stepCommand } from '../commands/from-request.js';
import { DossierCodePipe } from '../http/dossier-code.pipe.js';
import { StepEndpoint } from '../http/step-endpoint.decorator.js';
import { liftHold, placeHold } from './hold.js';

class HoldBody {
  @Text({ max: 2000, example: 'Đang giải quyết khiếu nại' })
  reason!: string;
}

@Controller('api/dossiers/:code')
export class HoldController {
  constructor(private readonly commands: CommandBus) {}

  @StepEndpoint('place-hold', 'Keeps the personal data of the dossier from being erased.')
  placeHold(
    @Param('code', DossierCodePipe) code: string,
    @SeenRevision() seen: bigint,
    @GivenBy() by: CommandHeaders,
    @Body() body: HoldBody,
  ): Promise<CommandAnswer> {
    return this.commands.execute(stepCommand('place-hold', { code, seen, by }, body, placeHold(body)));
  }

  @StepEndpoint('lift-hold', 'Lets the personal data of the dossier be erased once it is due.')
  liftHold(
    @Param('code', DossierCodePipe) code: string,
    @SeenRevision() seen: bigint,
    @GivenBy() by: CommandHeaders,
    @Body() body: HoldBody,
  ): Promise<CommandAnswer> {
    return this.commands.execute(stepCommand('lift-hold', { code, seen, by }, body, liftHold(body)));
  }
}
