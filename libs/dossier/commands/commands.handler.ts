import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandAnswer } from './answer.js';
import { ChangeDossier, OpenDossier } from './command.js';
import { CommandRunner } from './command-runner.js';

@CommandHandler(ChangeDossier)
export class ChangeDossierHandler implements ICommandHandler<ChangeDossier, CommandAnswer> {
  constructor(private readonly runner: CommandRunner) {}

  execute(command: ChangeDossier): Promise<CommandAnswer> {
    return this.runner.change(command);
  }
}

@CommandHandler(OpenDossier)
export class OpenDossierHandler implements ICommandHandler<OpenDossier, CommandAnswer> {
  constructor(private readonly runner: CommandRunner) {}

  execute(command: OpenDossier): Promise<CommandAnswer> {
    return this.runner.open(command);
  }
}
