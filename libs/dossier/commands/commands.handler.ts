import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CommandMeter } from '#libs/telemetry/command-meter.js';
import type { CommandAnswer } from './answer.js';
import { ChangeDossier, OpenDossier } from './command.js';
import { CommandRunner } from './command-runner.js';

@CommandHandler(ChangeDossier)
export class ChangeDossierHandler implements ICommandHandler<ChangeDossier, CommandAnswer> {
  constructor(
    private readonly runner: CommandRunner,
    private readonly meter: CommandMeter,
  ) {}

  execute(command: ChangeDossier): Promise<CommandAnswer> {
    return this.meter.run(command.step, (watch) => this.runner.change(command, watch));
  }
}

@CommandHandler(OpenDossier)
export class OpenDossierHandler implements ICommandHandler<OpenDossier, CommandAnswer> {
  constructor(
    private readonly runner: CommandRunner,
    private readonly meter: CommandMeter,
  ) {}

  execute(command: OpenDossier): Promise<CommandAnswer> {
    return this.meter.run(command.step, (watch) => this.runner.open(command, watch));
  }
}
