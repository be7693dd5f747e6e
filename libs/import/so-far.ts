import type { DossierEvent, DossierEventData } from '#libs/dossier/dossier.events.js';

/** Where a claim of an import stood. */
export interface Origin {
  readonly file: string;
  readonly row: number;
}

/** What an import needs to know of a dossier's stream. */
export interface SoFar {
  /** Of the last event; undefined if there is no stream. */
  readonly revision: bigint | undefined;
  /** Begun at the desk, not by an import. */
  readonly ownDossier: boolean;
  /** How often an import was taken back. Ids carry it, so that what was taken back can come in again. */
  readonly generation: number;
  /** Ids of the events of imports that stand, with the file each came from. */
  readonly standing: ReadonlyMap<string, string>;
  readonly accepted:
    (DossierEventData['DossierAccepted'] & { readonly at: string; readonly origin: Origin }) | null;
  readonly end: { readonly at: string; readonly origin: Origin | null } | null;
}

const NOTHING: SoFar = {
  revision: undefined,
  ownDossier: false,
  generation: 0,
  standing: new Map(),
  accepted: null,
  end: null,
};

/** Folds a dossier's stream. */
export function soFar(events: readonly DossierEvent[]): SoFar {
  return events.reduce(fold, { ...NOTHING, standing: new Map<string, string>() });
}

function fold(before: SoFar, event: DossierEvent): SoFar {
  const origin = event.metadata.source ?? null;
  const standing = before.standing as Map<string, string>;
  if (origin) standing.set(event.id, origin.file);
  const state = { ...before, revision: event.revision };
  switch (event.type) {
    case 'DossierRegistered':
      return { ...state, ownDossier: true };
    case 'DossierAccepted':
      return origin
        ? { ...state, accepted: { ...event.data, at: event.occurredAt, origin } }
        : { ...state, ownDossier: true };
    case 'DossierResolved':
    case 'DossierWithdrawn':
    case 'DossierStopped':
      return { ...state, end: state.end ?? { at: event.occurredAt, origin } };
    case 'ImportReversed': {
      const { file } = event.data;
      for (const [id, from] of standing) if (from === file) standing.delete(id);
      return {
        ...state,
        generation: state.generation + 1,
        accepted: state.accepted?.origin.file === file ? null : state.accepted,
        end: state.end?.origin?.file === file ? null : state.end,
      };
    }
    default:
      return state;
  }
}
