import { dueInstant } from '#libs/calendar/working-time.js';
import type { DossierFact, Party, Paper } from '../dossier.events.js';
import { claimedInstant, compiledAtOnce, type Situation } from '../decision.js';
import { termsAt } from '../accept/terms.js';
import { inForce } from '../in-force.js';

export interface Register {
  readonly unit: string;
  readonly procedure: string;
  readonly case: string;
  readonly applicant: Party;
  readonly submitter?: Party;
  readonly papers?: Paper[];
  readonly formerCode?: string;
  readonly occurredAt?: string;
}

/** Registers a dossier sent in online. The desk has the policy's limit to accept or refuse it. */
export function register(input: Register, code: string, situation: Situation): DossierFact[] {
  const { rules } = inForce(input.unit, situation.now, situation.reference).policy;
  const occurredAt = claimedInstant(input.occurredAt, undefined, situation, rules);
  const { unit, policy, calendar } = inForce(input.unit, occurredAt, situation.reference);
  termsAt(input, occurredAt, situation.reference); // refuses what could not be accepted later
  const definition = situation.reference.calendarVersion(calendar.id, calendar.version)?.definition;
  const answerDueAt = definition
    ? dueInstant(compiledAtOnce(definition), occurredAt, policy.rules.onlineAnswerLimit)
    : null;
  const { procedure, applicant, submitter, papers } = input;
  return [
    {
      type: 'DossierRegistered',
      occurredAt,
      data: {
        code,
        unit: unit.code,
        procedure,
        case: input.case,
        channel: 'online',
        answerDueAt,
        formerCode: input.formerCode ?? null,
      },
      personal: { applicant, ...(submitter ? { submitter } : {}), ...(papers ? { papers } : {}) },
    },
  ];
}
