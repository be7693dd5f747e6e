import type { DossierEventData, DossierFact, Terms } from '../dossier.events.js';
import { ACCEPTED, given, NOW } from './scenario.js';

const TERMS = given(ACCEPTED).terms as Terms;

/** Data of every event of a dossier: the compiler asks for each type. */
export const SAMPLE_DATA: { readonly [T in keyof DossierEventData]: DossierEventData[T] } = {
  DossierRegistered: {
    code: 'x',
    unit: 'u',
    procedure: 'p',
    case: 'default',
    channel: 'online',
    answerDueAt: null,
    formerCode: null,
  },
  DossierAccepted: {
    code: 'x',
    unit: 'u',
    official: null,
    channel: 'post',
    terms: TERMS,
    dueAt: null,
    dueBasis: 'stated',
    formerCode: null,
  },
  DossierRejected: {},
  DossierHandedOver: { toUnit: 'u', toOfficial: null },
  ConsultationRequested: { consultation: 'c1', dueAt: null },
  ConsultationReplied: { consultation: 'c1' },
  SupplementRequested: { number: 1, stopsClock: true },
  SupplementReceived: { dueAt: null },
  PaymentRequested: { amount: 1, currency: 'VND', stopsClock: true },
  PaymentConfirmed: { dueAt: null },
  DeadlineExtended: { oldDueAt: NOW, newDueAt: NOW, apologyNumber: '1', approver: 'a' },
  DossierWithdrawn: {},
  DossierStopped: {},
  DossierResolved: { outcome: 'granted' },
  ResultReturned: { method: 'post' },
  DossierCorrected: { field: 'resolved_at', from: null, to: NOW, form: '1', approver: 'a' },
  ChangeProposed: { proposal: 'p1', step: 'extend', input: { newDueAt: NOW, apologyNumber: '1' } },
  ProposalApproved: { proposal: 'p1', proposedBy: 'a' },
  ProposalRefused: { proposal: 'p1' },
  LegalHoldPlaced: {},
  LegalHoldLifted: {},
  DossierFellOverdue: { dueAt: '2024-01-18T05:00:00.000Z' },
  AlertCancelled: { topic: 'result', dueAt: NOW, approver: 'a', proposal: 'p1' },
  DossierAnnotated: {},
  DossierLinked: { formerCode: 'y' },
  ActivityRecorded: { activity: 'a' },
  ImportReversed: { file: 'f' },
};

export const SAMPLE_FACTS = Object.entries(SAMPLE_DATA).map(
  ([type, data]) => ({ type, data, occurredAt: NOW }) as DossierFact,
);
