import { Body, Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { type CommandHeaders, GivenBy } from '#libs/http/command-headers.decorator.js';
import type { CommandAnswer } from '../commands/answer.js';
import { openingCommand } from '../commands/from-request.js';
import { OpeningBody } from '../http/opening.dto.js';
import { OpeningEndpoint } from '../http/step-endpoint.decorator.js';
import { register } from './register.js';

@Controller('api/dossiers')
export class RegisterController {
  constructor(private readonly commands: CommandBus) {}

  @OpeningEndpoint('register', 'Registers a dossier that was sent in online (state 1).')
  register(@GivenBy() by: CommandHeaders, @Body() body: OpeningBody): Promise<CommandAnswer> {
    return this.commands.execute(
      openingCommand('register', by, body, (code, at) => register(body, code, at)),
    );
  }
}
