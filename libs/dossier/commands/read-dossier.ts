import { type EventLog, streamName } from '#libs/event-log/event-log.js';
import { Problem } from '#libs/problem/problem.js';
import { DOSSIER_CATEGORY, type DossierEvent } from '../dossier.events.js';
import { type DossierState, evolve } from '../dossier.js';

/** All events of a dossier; empty if there is none. */
export async function readDossier(log: EventLog, code: string): Promise<DossierEvent[]> {
  const events: DossierEvent[] = [];
  for await (const event of log.readStream(streamName(DOSSIER_CATEGORY, code)))
    events.push(event as DossierEvent);
  return events;
}

/** What the dossier is after these events. @throws Problem dossier-unknown if there are none */
export function fold(code: string, events: readonly DossierEvent[]): DossierState {
  const state = events.reduce<DossierState | undefined>(evolve, undefined);
  if (!state) throw new Problem('dossier-unknown', { code });
  return state;
}
