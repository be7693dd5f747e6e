import type { Claims } from './claims.js';
import type { Origin, SoFar } from './so-far.js';

/** What cannot be true, or not both. It is imported as claimed; the desk has to explain it. */
export type DoubtReason =
  | 'due_before_accepted'
  | 'ended_before_accepted'
  | 'in_future'
  | 'step_after_end'
  | 'step_before_accepted'
  | 'contradicts_earlier_row';

export interface Doubt {
  readonly code: string;
  readonly row: number;
  readonly reason: DoubtReason;
  /** The instants or values that do not fit. */
  readonly detail: string;
}

/**
 * Doubts about rows of one dossier, as it is known with all of them. What concerns the dossier as a whole is listed
 * with the row that said it first.
 */
export function doubtsOf(
  rows: readonly Claims[],
  { accepted, end }: SoFar,
  { file, now }: { readonly file: string; readonly now: string },
): Doubt[] {
  if (!accepted) return [];
  return rows.flatMap((claims, index) => {
    const { row, code, instant } = claims;
    const doubts: Doubt[] = [];
    const doubt = (reason: DoubtReason, detail: string): void =>
      void doubts.push({ code, row, reason, detail });
    const said = (origin: Origin | null): boolean =>
      origin?.file === file ? origin.row === row : index === 0;
    if (said(accepted.origin)) {
      if (accepted.at > now) doubt('in_future', `accepted ${accepted.at}`);
      if (accepted.dueAt !== null && accepted.dueAt < accepted.at) {
        doubt('due_before_accepted', `due ${accepted.dueAt}, accepted ${accepted.at}`);
      }
    }
    if (end && said(end.origin)) {
      if (end.at > now) doubt('in_future', `ended ${end.at}`);
      if (end.at < accepted.at) doubt('ended_before_accepted', `ended ${end.at}, accepted ${accepted.at}`);
    }
    if (instant > now) doubt('in_future', `step ${instant}`);
    if (instant < accepted.at) doubt('step_before_accepted', `step ${instant}, accepted ${accepted.at}`);
    if (end && instant > end.at) doubt('step_after_end', `step ${instant}, ended ${end.at}`);
    const contradiction = contradictionOf(claims, accepted, end);
    if (contradiction) doubt('contradicts_earlier_row', contradiction);
    return doubts;
  });
}

function contradictionOf(
  claims: Claims,
  accepted: NonNullable<SoFar['accepted']>,
  end: SoFar['end'],
): string {
  const { terms } = accepted;
  const pairs: readonly (readonly [name: string, says: string | null, stands: string | null])[] = [
    ['acceptance', claims.acceptance, accepted.at],
    ['due', claims.due, accepted.dueAt],
    ['end', claims.end, end?.at ?? null],
    ['channel', claims.channel, accepted.channel],
    ['unit', claims.unit, accepted.unit],
    ['procedure', claims.procedure, terms.procedure.id],
    ['case', claims.case, terms.case],
    ['official', claims.official, accepted.official],
  ];
  return pairs
    .filter(([, says, stands]) => says !== null && says !== stands)
    .map(([name, says, stands]) => `${name} ${says}, before ${stands ?? 'none'}`)
    .join('; ');
}
