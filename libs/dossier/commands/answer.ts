import type { DossierEvent } from '../dossier.events.js';
import { type DossierState, STATUS_CODES, type Status } from '../dossier.js';
import { allowedSteps } from '../steps.js';
import { openPersonal } from '#libs/personal-data/opening.js';
import type { Vault } from '#libs/personal-data/vault.js';
import { Problem } from '#libs/problem/problem.js';
import { fold } from './read-dossier.js';
import type { HashesApart } from './seal-facts.js';

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
  command: Known,
): Promise<CommandAnswer | undefined> {
  const isMine = (event: DossierEvent): boolean => event.metadata.commandId === command.context.commandId;
  const mine = events.findLastIndex(isMine);
  const last = events[mine];
  if (!last) return undefined;
  if (!(await isSame(vault, events.filter(isMine), command))) throw new Problem('idempotency-key-reused');
  return answerOf(fold(code, events.slice(0, mine + 1)), last);
}

/** A command that may have come before. */
interface Known {
  readonly hash: string;
  readonly apart?: HashesApart;
  readonly context: { readonly commandId: string };
}

/** Whether a command with this content made these events, as far as that can still be read. */
async function isSame(
  vault: Pick<Vault, 'open'>,
  events: readonly DossierEvent[],
  { hash, apart }: Known,
): Promise<boolean> {
  const inClear = events.find(({ metadata }) => metadata.commandHash !== undefined);
  if (inClear) return inClear.metadata.commandHash === hash;
  const opened = (await openPersonal(vault, events)).filter((each) => each !== undefined);
  const found = opened.find(({ commandHash }) => commandHash !== undefined)?.commandHash;
  const ofSubmitter = opened.find(({ submitterHash }) => submitterHash !== undefined)?.submitterHash;
  if (found !== undefined && found !== (apart?.rest ?? hash)) return false;
  if (ofSubmitter !== undefined) return ofSubmitter === apart?.submitter;
  // Where all can be read, one that is named now was not named then.
  return !apart || found === undefined || opened.some(({ erased, damaged }) => erased || damaged);
}
