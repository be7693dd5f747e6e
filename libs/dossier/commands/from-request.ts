import type { CommandHeaders } from '#libs/http/command-headers.decorator.js';
import { ChangeDossier, commandIdOf, OpenDossier } from './command.js';
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
  const { key, actor, correlationId } = at.by;
  const context = { commandId: commandIdOf(actor, key), actor, correlationId, seen: at.seen };
  return new ChangeDossier(at.code, context, { step, input: { ...input } }, decide, mentions);
}

/** A dossier to be opened, as its controller was told. */
export function openingCommand(
  step: 'accept-new' | 'register',
  by: CommandHeaders,
  input: { unit: string; formerCode?: string },
  decide: OpenDossier['decide'],
): OpenDossier {
  const { key, actor, correlationId } = by;
  const context = { commandId: commandIdOf(actor, key), actor, correlationId };
  return new OpenDossier(
    input.unit,
    context,
    { step, input: { ...input } },
    decide,
    input.formerCode ? [input.formerCode] : [],
  );
}
