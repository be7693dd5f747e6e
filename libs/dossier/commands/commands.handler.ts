import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Inject } from '@nestjs/common';
import { lookUpSecret } from '#libs/look-up/secret.js';
import { type Vault, VAULT } from '#libs/personal-data/vault.js';
import { CommandMeter } from '#libs/telemetry/command-meter.js';
import type { CommandAnswer, OpeningAnswer } from './answer.js';
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
export class OpenDossierHandler implements ICommandHandler<OpenDossier, OpeningAnswer> {
  constructor(
    private readonly runner: CommandRunner,
    private readonly meter: CommandMeter,
    @Inject(VAULT) private readonly vault: Vault,
  ) {}

  async execute(command: OpenDossier): Promise<OpeningAnswer> {
    const answer = await this.meter.run(command.step, (watch) => this.runner.open(command, watch));
    return { ...answer, lookUpSecret: lookUpSecret(this.vault, answer.code) };
  }
}
