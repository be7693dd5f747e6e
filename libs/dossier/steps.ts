import { alertsOf } from './cancel-alert/alerts.js';
import type { DossierState, Status } from './dossier.js';

const WHERE_CORRECTED = [
  'accepted',
  'processing',
  'supplement_requested',
  'financial_obligation',
  'withdrawn',
  'stopped',
  'resolved',
  'returned',
] as const satisfies readonly Status[];
const WHERE_PROPOSED = ['registered', ...WHERE_CORRECTED] as const satisfies readonly Status[];
const EVERYWHERE = ['rejected', ...WHERE_PROPOSED] as const satisfies readonly Status[];

/** Steps that a person can take on a dossier that exists, and the states each one may be taken in. */
export const STEPS = {
  accept: ['registered'],
  reject: ['registered'],
  'hand-over': ['accepted', 'processing'],
  consult: ['accepted', 'processing'],
  'record-reply': ['processing'],
  'request-supplement': ['registered', 'accepted', 'processing'],
  'receive-supplement': ['supplement_requested'],
  'request-payment': ['processing'],
  'confirm-payment': ['financial_obligation'],
  extend: ['accepted', 'processing'],
  withdraw: ['registered', 'accepted', 'processing', 'supplement_requested'],
  stop: ['processing', 'supplement_requested', 'financial_obligation'],
  resolve: ['processing'],
  return: ['resolved'],
  correct: WHERE_CORRECTED,
  'cancel-alert': [
    ...['registered', 'accepted', 'processing', 'supplement_requested'],
    ...['financial_obligation', 'resolved'],
  ],
  annotate: EVERYWHERE,
  link: ['registered', 'accepted', 'processing', 'supplement_requested', 'financial_obligation'],
  approve: WHERE_PROPOSED,
  refuse: WHERE_PROPOSED,
  'place-hold': EVERYWHERE,
  'lift-hold': EVERYWHERE,
} as const satisfies Record<string, readonly Status[]>;

export type Step = keyof typeof STEPS;

const someProposed = ({ proposals }: DossierState): boolean => proposals.length > 0;

/** What a step needs besides a state. */
const NEEDS: Readonly<Partial<Record<Step, (state: DossierState) => boolean>>> = {
  'cancel-alert': (state) => alertsOf(state).length > 0,
  approve: someProposed,
  refuse: someProposed,
  'place-hold': ({ held }) => !held,
  'lift-hold': ({ held }) => held,
};

/**
 * Steps that may be taken now, for the page and for the answer to a step that may not. What is proposed is not
 * proposed again while it waits for a second person.
 */
export function allowedSteps(state: DossierState): Step[] {
  if (state.reversed) return [];
  return (Object.keys(STEPS) as Step[]).filter(
    (step) =>
      (STEPS[step] as readonly Status[]).includes(state.status) &&
      (NEEDS[step]?.(state) ?? true) &&
      !state.proposals.some((proposal) => proposal.step === step),
  );
}
