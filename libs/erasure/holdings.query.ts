import type { EventLog } from '#libs/event-log/event-log.js';
import type { ReferenceData } from '#libs/reference/reference.events.js';
import type { DossierEvent } from '#libs/dossier/dossier.events.js';
import { fold, readDossier } from '#libs/dossier/commands/read-dossier.js';
import { placeOf } from '#libs/dossier/permission.js';
import type { Holding } from './retention.js';

/** What is known of these dossiers now, from their streams. */
export async function holdingsOf(
  sources: { readonly log: EventLog; readonly reference: ReferenceData },
  codes: readonly string[],
  now: string,
): Promise<Holding[]> {
  const holdings: Holding[] = [];
  for (const code of codes) {
    holdings.push(holdingOf(code, await readDossier(sources.log, code), sources.reference, now));
  }
  return holdings;
}

function holdingOf(
  code: string,
  events: readonly DossierEvent[],
  reference: ReferenceData,
  now: string,
): Holding {
  const state = fold(code, events);
  // What never began, or was taken back, ended with its last step.
  const over = state.status === 'rejected' || state.reversed ? state.lastStepAt : null;
  return {
    code,
    place: placeOf(state),
    endedAt: state.endedAt ?? over,
    held: state.held,
    inClear: events.some(({ personal }) => personal !== undefined && 'fields' in personal),
    // Archives law changes for what is kept already, so that the period of today counts, not the one of the acceptance.
    retentionMonths: reference.procedure(state.procedure, now.slice(0, 10))?.retentionMonths,
    zone: state.terms?.zone ?? 'UTC',
  };
}
