import { describe, expect, it } from '@jest/globals';
import { isDeepStrictEqual } from 'node:util';
import type { DossierEventType, DossierFact } from '#libs/dossier/dossier.events.js';
import { SAMPLE_DATA, SAMPLE_FACTS } from '#libs/dossier/testing/sample-facts.js';
import { imported, NOW, recorded } from '#libs/dossier/testing/scenario.js';
import type { RecordedEvent } from '#libs/event-log/event-log.js';
import type { FactState } from './fact-state.js';
import { changesFact, foldFact } from './fold-fact.js';

/** Whether an event can change what is counted of a dossier. The compiler asks for every type. */
const COUNTED: Readonly<Record<DossierEventType, boolean>> = {
  DossierRegistered: true,
  DossierAccepted: true,
  DossierRejected: false,
  DossierHandedOver: false,
  ConsultationRequested: false,
  ConsultationReplied: false,
  SupplementRequested: true,
  SupplementReceived: true,
  PaymentRequested: true,
  PaymentConfirmed: true,
  DeadlineExtended: true,
  DossierWithdrawn: true,
  DossierStopped: true,
  DossierResolved: true,
  ResultReturned: false,
  DossierCorrected: true,
  ChangeProposed: false,
  ProposalApproved: false,
  ProposalRefused: false,
  LegalHoldPlaced: false,
  LegalHoldLifted: false,
  DossierFellOverdue: false,
  AlertCancelled: false,
  DossierAnnotated: false,
  DossierLinked: false,
  ActivityRecorded: false,
  ImportReversed: true,
};

const EARLIER = new Date(Date.parse(NOW) - 60_000).toISOString();
const after = (...types: DossierEventType[]): FactState | undefined => {
  const facts = types.map((type) => ({ type, data: SAMPLE_DATA[type], occurredAt: EARLIER }) as DossierFact);
  const events = imported(SAMPLE_DATA.ImportReversed.file, facts) as unknown as RecordedEvent[];
  return events.reduce<FactState | undefined>(foldFact, undefined);
};
const states = [
  after('DossierRegistered'),
  after('DossierAccepted'),
  after('DossierAccepted', 'SupplementRequested'),
  after('DossierAccepted', 'DossierResolved'),
];

describe('an event of a dossier', () => {
  it.each(SAMPLE_FACTS)('$type is looked at exactly where it can change a fact', (fact) => {
    const [event] = recorded([fact]) as unknown as RecordedEvent[];
    if (!event) throw new Error('no event');
    const changes = states.some((state) => !isDeepStrictEqual(foldFact(state, event), state));
    expect({ changes, lookedAt: changesFact(event) }).toEqual({
      changes: COUNTED[fact.type],
      lookedAt: COUNTED[fact.type],
    });
  });
});
