import { type DossierState, evolve, isPaused, STATUS_CODES, type Status } from '#libs/dossier/dossier.js';
import type { DossierEvent } from '#libs/dossier/dossier.events.js';
import type { Words } from '#libs/problem/catalogue/entry.js';
import { STATE_WORDS, STEP_WORDS, WAITING_WORDS } from './words.js';

/** A unit by its code, with its name where it is published. */
export interface NamedUnit {
  readonly code: string;
  readonly name: Words | null;
}

/** What an applicant is shown: no name, no actor, no text that anybody wrote. */
export interface LookedUp {
  readonly code: string;
  readonly state: Status;
  /** National code, 1 to 10. */
  readonly stateCode: number;
  readonly stateName: Words;
  readonly unit: NamedUnit;
  readonly registeredAt: string | null;
  readonly acceptedAt: string | null;
  readonly dueAt: string | null;
  /** True while the legal clock stands still: the due instant will be reckoned anew. */
  readonly paused: boolean;
  readonly endedAt: string | null;
  readonly returnedAt: string | null;
  /** What the desk waits for from the applicant. */
  readonly waitingFor: Words | null;
  /** IANA zone of the desk; null until it is accepted. */
  readonly zone: string | null;
  readonly steps: readonly LookedUpStep[];
}

export interface LookedUpStep {
  readonly name: Words;
  /** As claimed. */
  readonly at: string;
  /** Where the dossier was after it. */
  readonly unit: NamedUnit;
}

/** @returns undefined where there is nothing to show: no dossier, or its import was taken back */
export function lookedUp(
  events: readonly DossierEvent[],
  nameOf: (unit: string, at: string) => Words | null,
): LookedUp | undefined {
  let state: DossierState | undefined;
  const steps: LookedUpStep[] = [];
  for (const event of events) {
    state = evolve(state, event);
    const name = STEP_WORDS[event.type];
    const at = event.occurredAt;
    if (name) steps.push({ name, at, unit: { code: state.unit, name: nameOf(state.unit, at) } });
    // What an import brought is not shown any more once that was taken back.
    if (state.reversed) steps.length = 0;
  }
  if (!state || state.reversed) return undefined;
  const { code, status, unit, registeredAt, acceptedAt, dueAt, endedAt, returnedAt } = state;
  return {
    ...{ code, state: status, stateCode: STATUS_CODES[status], stateName: STATE_WORDS[status] },
    unit: { code: unit, name: nameOf(unit, state.lastStepAt) },
    ...{ registeredAt, acceptedAt, dueAt, paused: isPaused(state), endedAt, returnedAt },
    waitingFor: WAITING_WORDS[status] ?? null,
    zone: state.terms?.zone ?? null,
    steps,
  };
}
