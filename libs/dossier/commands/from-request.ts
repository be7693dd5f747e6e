import type { CommandHeaders } from '#libs/http/command-headers.decorator.js';
import { ChangeDossier, type CommandContext, commandIdOf, OpenDossier } from './command.js';
import type { Decide } from '../decision.js';
import type { Step } from '../steps.js';

/** A step as its controller was told to take it. */
export function stepCommand(
  step: Step,
  at: { code: string; seen: bigint; by: CommandHeaders },
  input: object,
  decide: Decide,
  mentions: readonly string[] = [],
): ChangeDossier {
  const context = { ...contextOf(at.by), seen: at.seen };
  return new ChangeDossier(at.code, context, { step, input: { ...input } }, decide, mentions);
}

/** A dossier to be opened, as its controller was told. */
export function openingCommand(
  step: 'accept-new' | 'register',
  by: CommandHeaders,
  input: { unit: string; formerCode?: string },
  decide: OpenDossier['decide'],
): OpenDossier {
  return new OpenDossier(
    input.unit,
    contextOf(by),
    { step, input: { ...input } },
    decide,
    input.formerCode ? [input.formerCode] : [],
  );
}

function contextOf({ key, principal, action, correlationId }: CommandHeaders): CommandContext {
  const actor = principal.id;
  return { commandId: commandIdOf(actor, key), actor, principal, action, correlationId };
}
