import type { DossierState, Status } from './dossier.js';

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
  correct: [
    'accepted',
    'processing',
    'supplement_requested',
    'financial_obligation',
    'withdrawn',
    'stopped',
    'resolved',
    'returned',
  ],
  annotate: [
    'registered',
    'accepted',
    'rejected',
    'processing',
    'supplement_requested',
    'financial_obligation',
    'withdrawn',
    'stopped',
    'resolved',
    'returned',
  ],
  link: ['registered', 'accepted', 'processing', 'supplement_requested', 'financial_obligation'],
} as const satisfies Record<string, readonly Status[]>;

export type Step = keyof typeof STEPS;

/** Steps that may be taken now, for the page and for the answer to a step that may not. */
export function allowedSteps(state: DossierState): Step[] {
  if (state.reversed) return [];
  return (Object.keys(STEPS) as Step[]).filter((step) =>
    (STEPS[step] as readonly Status[]).includes(state.status),
  );
}
