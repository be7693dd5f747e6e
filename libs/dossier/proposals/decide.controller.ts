import { Body, Controller, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { GivenBy, type CommandHeaders, SeenRevision } from '#libs/http/command-headers.decorator.js';
import { Code, Text } from '#libs/http/fields.decorator.js';
import type { CommandAnswer } from '../commands/answer.js';
import { stepCommand } from '../commands/from-request.js';
import { DossierCodePipe } from '../http/dossier-code.pipe.js';
import { StepEndpoint } from '../http/step-endpoint.decorator.js';
import { approve, refuse } from './decide.js';

class ApproveBody {
  @Code({ description: 'Which proposal, as the dossier’s page names it.', example: 'p2' })
  proposal!: string;
}

class RefuseBody extends ApproveBody {
  @Text({ max: 2000, example: 'Không có căn cứ' })
  reason!: string;
}

@Controller('api/dossiers/:code')
export class DecideController {
  constructor(private readonly commands: CommandBus) {}

  @StepEndpoint(
    'decide-proposal',
    'Approves a proposal of somebody else: what was proposed happens now.',
    'approve',
  )
  approve(
    @Param('code', DossierCodePipe) code: string,
    @SeenRevision() seen: bigint,
    @GivenBy() by: CommandHeaders,
    @Body() body: ApproveBody,
  ): Promise<CommandAnswer> {
    return this.commands.execute(stepCommand('approve', { code, seen, by }, body, approve(body)));
  }

  @StepEndpoint('decide-proposal', 'Refuses a proposal, or takes back one’s own.', 'refuse')
  refuse(
    @Param('code', DossierCodePipe) code: string,
    @SeenRevision() seen: bigint,
    @GivenBy() by: CommandHeaders,
    @Body() body: RefuseBody,
  ): Promise<CommandAnswer> {
    return this.commands.execute(stepCommand('refuse', { code, seen, by }, body, refuse(body)));
  }
}
