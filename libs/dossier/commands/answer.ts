import type { DossierEvent } from '../dossier.events.js';
import { type DossierState, STATUS_CODES, type Status } from '../dossier.js';
import { allowedSteps } from '../steps.js';
import { openPersonal } from '#libs/personal-data/opening.js';
import type { Vault } from '#libs/personal-data/vault.js';
import { Problem } from '#libs/problem/problem.js';
import { fold } from './read-dossier.js';

/** What a command answers: where the dossier is now. The same for every repeat of the command. */
export interface CommandAnswer {
  readonly code: string;
  readonly status: Status;
  readonly statusCode: number;
  readonly acceptedAt: string | null;
  readonly dueAt: string | null;
  readonly allowed: readonly string[];
  /** Revision of the dossier after this command: state it in `If-Match` with the next one. */
  readonly revision: number;
  /** Position in the log: a read model that is at least here shows this command. */
  readonly position: number;
  readonly recordedAt: string;
}

/** What a command answers that opened a dossier. */
export interface OpeningAnswer extends CommandAnswer {
  /** With the code, it lets the applicant look the dossier up; it stands on the receipt. */
  readonly lookUpSecret: string;
}

export function answerOf(state: DossierState, last: { position: bigint; recordedAt: string }): CommandAnswer {
  return {
    code: state.code,
    status: state.status,
    statusCode: STATUS_CODES[state.status],
    acceptedAt: state.acceptedAt,
    dueAt: state.dueAt,
    allowed: allowedSteps(state),
    revision: Number(state.revision),
    position: Number(last.position),
    recordedAt: last.recordedAt,
  };
}

/**
 * The first answer to a command that was carried out before, rebuilt from its events.
 * @returns undefined if these events hold nothing of it
 * @throws Problem idempotency-key-reused if the key came with other content then
 */
export async function firstAnswer(
  vault: Pick<Vault, 'open'>,
  code: string,
  events: readonly DossierEvent[],
  command: { readonly hash: string; readonly context: { readonly commandId: string } },
): Promise<CommandAnswer | undefined> {
  const isMine = (event: DossierEvent): boolean => event.metadata.commandId === command.context.commandId;
  const mine = events.findLastIndex(isMine);
  const last = events[mine];
  if (!last) return undefined;
  const hash = await hashOf(vault, events.filter(isMine));
  if (hash !== undefined && hash !== command.hash) throw new Problem('idempotency-key-reused');
  return answerOf(fold(code, events.slice(0, mine + 1)), last);
}

/** Hash of the command that made these events; undefined if its content was about somebody who is erased. */
async function hashOf(
  vault: Pick<Vault, 'open'>,
  events: readonly DossierEvent[],
): Promise<string | undefined> {
  const inClear = events.find(({ metadata }) => metadata.commandHash !== undefined);
  if (inClear) return inClear.metadata.commandHash;
  return (await openPersonal(vault, events)).find((opened) => opened?.commandHash !== undefined)?.commandHash;
}
