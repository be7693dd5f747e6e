import { randomUUID } from 'node:crypto';
import type { Action } from '#libs/access/policy.js';
import { allRoles } from '#libs/access/testing/principals.js';
import { type CommandContext, commandIdOf } from '../commands/command.js';

/** A command of somebody who may do everything. */
export const contextBy = (actor: string, action: Action, key: string = randomUUID()): CommandContext => ({
  ...{ commandId: commandIdOf(actor, key), actor, correlationId: key },
  ...{ principal: allRoles(actor), action },
});
