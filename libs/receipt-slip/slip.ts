import type { Limit } from '#libs/calendar/calendar.js';
import type { DossierEvent, Paper, Party } from '#libs/dossier/dossier.events.js';
import { fold } from '#libs/dossier/commands/read-dossier.js';
import type { OpenedPersonal } from '#libs/personal-data/opening.js';
import { DAMAGED, ERASED } from '#libs/personal-data/sealed.js';
import { Problem } from '#libs/problem/problem.js';
import type { ProcedureVersion, ReferenceData } from '#libs/reference/reference.events.js';

/** A field of a person: known, forgotten, not to be read any more, or never stated. */
export type Kept<T> = T | typeof ERASED | typeof DAMAGED | null;

/** What stands on the receipt. Instants in UTC. */
export interface Slip {
  readonly code: string;
  readonly secret: string;
  /** The desk that took it in, and gives out the result. */
  readonly desk: {
    readonly code: string;
    readonly name: { readonly vi: string; readonly en: string } | null;
  };
  readonly applicant: Kept<Party>;
  readonly submitter: Kept<Party>;
  readonly procedure: { readonly code: string; readonly name: ProcedureVersion['name'] | null };
  readonly papers: Kept<readonly Paper[]>;
  /** Null where an import stated the due instant itself. */
  readonly limit: Limit | null;
  readonly zone: string;
  readonly acceptedAt: string;
  readonly dueAt: string | null;
  /** What was promised first, where it is another by now. */
  readonly firstDueAt: string | null;
  readonly fee: ProcedureVersion['fee'];
}

const TAKES_PAPERS: readonly string[] = ['DossierRegistered', 'DossierAccepted', 'SupplementReceived'];

/**
 * The receipt of a dossier as it is now.
 * @param opened the personal fields of each event
 * @throws Problem dossier-unknown; receipt-before-acceptance
 */
export function slipOf(
  { code, secret }: { readonly code: string; readonly secret: string },
  events: readonly DossierEvent[],
  opened: readonly (OpenedPersonal | undefined)[],
  reference: ReferenceData,
): Slip {
  const { terms, acceptedAt, dueAt, desk } = fold(code, events);
  const acceptance = events.findLast((event) => event.type === 'DossierAccepted');
  if (!terms || acceptedAt === null || !acceptance) throw new Problem('receipt-before-acceptance', { code });
  const date = acceptance.occurredAt.slice(0, 10);
  const procedure = reference
    .all()
    .procedures.find((each) => each.code === terms.procedure.id && each.version === terms.procedure.version);
  const firstDueAt = acceptance.data.dueAt;
  return {
    ...{ code, secret, desk: { code: desk, name: reference.unit(desk, date)?.name ?? null } },
    applicant: partyOf('applicant', events, opened),
    submitter: partyOf('submitter', events, opened),
    procedure: { code: terms.procedure.id, name: procedure?.name ?? null },
    papers: papersOf(events, opened),
    ...{ limit: terms.limit, zone: terms.zone, acceptedAt, dueAt },
    firstDueAt: firstDueAt === dueAt ? null : firstDueAt,
    fee: procedure?.fee ?? null,
  };
}

type All = readonly (OpenedPersonal | undefined)[];

/** As named last; erased or damaged if that cannot be read any more. */
function partyOf(name: 'applicant' | 'submitter', events: readonly DossierEvent[], opened: All): Kept<Party> {
  const fields = opened.findLast((each) => each?.fields[name])?.fields[name];
  if (fields) return fields as unknown as Party;
  if (opened.some((each) => each?.damaged?.includes(name))) return DAMAGED;
  const forgotten = opened.some((each, n) => each?.erased && namesParty(name, events[n]));
  return forgotten ? ERASED : null;
}

function namesParty(name: string, event: DossierEvent | undefined): boolean {
  const { personal } = event ?? {};
  return personal !== undefined && 'sealed' in personal && personal.sealed.some(({ part }) => part === name);
}

/** Of all that was handed in. */
function papersOf(events: readonly DossierEvent[], opened: All): Kept<readonly Paper[]> {
  const handedIn = opened.filter((_, n) => TAKES_PAPERS.includes(events[n]?.type ?? ''));
  const papers = handedIn.flatMap((each) => (each?.fields.papers ?? []) as unknown as Paper[]);
  if (papers.length > 0) return papers;
  if (handedIn.some((each) => each?.damaged?.includes('rest'))) return DAMAGED;
  return handedIn.some((each) => each?.erased) ? ERASED : null;
}
