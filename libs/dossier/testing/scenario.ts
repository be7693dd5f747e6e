import { expect, it } from '@jest/globals';
import type { Acting } from '#libs/access/second-person.js';
import { type RecordedEvent, streamName } from '#libs/event-log/event-log.js';
import { FIRST_HASH } from '#libs/event-log/hash.js';
import { Problem } from '#libs/problem/problem.js';
import { acceptNew, type AcceptNew } from '../accept/accept.js';
import type { Decide, Situation } from '../decision.js';
import { DOSSIER_CATEGORY, type DossierEvent, type DossierFact } from '../dossier.events.js';
import { type DossierState, evolve } from '../dossier.js';
import { register, type Register } from '../register/register.js';
import { referenceOf } from './reference.js';

export const CODE = 'H54.12-240115-0001';

/** An instant by the clock on the desk's wall: `2024-01-15 10:00`. */
export function desk(wall: string): string {
  return new Date(`${wall.replace(' ', 'T')}:00+07:00`).toISOString();
}

/** Monday morning at the desk. */
export const NOW = desk('2024-01-15 10:00');
const reference = referenceOf();

export const CLERK: Acting = { actor: 'clerk-1' };
/** A second person. */
export const SUPERVISOR: Acting = { actor: 'supervisor-1' };

export function situationAt(now: string, by: Acting = CLERK): Situation {
  return { now, reference, ...by };
}

/** The first step of a dossier. */
export type Opening = (code: string, situation: Situation) => DossierFact[];
export const accepting =
  (over: Partial<AcceptNew> = {}): Opening =>
  (code, situation) =>
    acceptNew({ ...OPENED, channel: 'in_person', ...over }, code, situation);
export const registering =
  (over: Partial<Register> = {}): Opening =>
  (code, situation) =>
    register({ ...OPENED, ...over }, code, situation);
const OPENED = {
  unit: 'H54.12',
  procedure: '1.009664',
  case: 'default',
  applicant: { name: 'Nguyễn Văn Ánh' },
};

/** What happened before: a fact, or a step that was taken at an instant (`open` for the first one). */
export type Past = DossierFact | Taken;
export interface Taken {
  readonly at: string;
  readonly step?: Decide;
  readonly open?: Opening;
  /** `CLERK` if left out. */
  readonly by?: Acting;
}

/** Accepted on Monday 15 January at 10:00 under the first versions: due Tuesday 23 January, 10:00. */
export const ACCEPTED: Taken = { at: NOW, open: accepting() };
/** Sent in on Friday 12 January at 16:00. */
export const REGISTERED: Taken = { at: desk('2024-01-12 16:00'), open: registering() };

export const took = (at: string, step: Decide, by: Acting = CLERK): Taken => ({ at: desk(at), step, by });

/** A dossier's events, as a log would hold them. */
export function recorded(facts: readonly DossierFact[], after = -1n, by: Acting = CLERK): DossierEvent[] {
  return facts.map((fact, n): RecordedEvent => {
    const revision = after + 1n + BigInt(n);
    return {
      id: `00000000-0000-4000-8000-${String(revision).padStart(12, '0')}`,
      type: fact.type,
      schemaVersion: 1,
      data: fact.data as RecordedEvent['data'],
      occurredAt: fact.occurredAt,
      metadata: { ...by, correlationId: 'c-1', causationId: 'c-1' },
      stream: streamName(DOSSIER_CATEGORY, CODE),
      revision,
      position: revision + 1n,
      recordedAt: fact.occurredAt,
      previousHash: FIRST_HASH,
      hash: FIRST_HASH,
    };
  }) as DossierEvent[];
}

/** The same, as the import of a file brings them. */
export function imported(file: string, facts: readonly DossierFact[], after = -1n): DossierEvent[] {
  return recorded(facts, after).map((event) => ({
    ...event,
    metadata: { ...event.metadata, source: { file, row: 1 } },
  }));
}

/** The events that a fact or a step adds to a dossier. */
export function eventsOf(state: DossierState | undefined, past: Past): DossierEvent[] {
  if ('type' in past) return recorded([past], state?.revision);
  const situation = situationAt(past.at, past.by);
  const facts = past.open
    ? past.open(CODE, situation)
    : (past.step?.(state as DossierState, situation) ?? []);
  return recorded(facts, state?.revision, past.by);
}

/** The dossier after one more fact or step. */
export function after(state: DossierState | undefined, past: Past): DossierState {
  const next = eventsOf(state, past).reduce(evolve, state);
  if (!next) throw new Error('nothing happened');
  return next;
}

/** What a dossier is when all this has happened. */
export function given(...past: Past[]): DossierState {
  const state = past.reduce<DossierState | undefined>(after, undefined);
  if (!state) throw new Error('a dossier begins with a first step');
  return state;
}

type Expected = { readonly [K in 'type' | 'occurredAt']?: string } & {
  readonly data?: object;
  readonly personal?: object;
};

/**
 * One line of a specification. `then`: the facts that follow (members that do not matter may be left out), or the type
 * of the problem with the fields that it names, as in `form-required /form`.
 */
export type Case = {
  readonly name: string;
  /** The service's clock; Monday 15 January 2024, 10:00 at the desk if left out. */
  readonly now?: string;
  /** Who takes the step; `CLERK` if left out. */
  readonly by?: Acting;
  readonly then: readonly Expected[] | string;
} & (
  | { readonly given: readonly Past[]; readonly when: Decide }
  | { readonly given?: undefined; readonly when: Opening }
);

/** Makes a test of every case. */
export function specify(cases: readonly Case[]): void {
  for (const one of cases) {
    it(one.name, () => {
      const situation = situationAt(one.now ?? NOW, one.by);
      const decide = (): DossierFact[] =>
        one.given ? one.when(given(...one.given), situation) : one.when(CODE, situation);
      if (typeof one.then === 'string') expect(refusal(decide)).toBe(one.then);
      else expect(decide()).toMatchObject(one.then);
    });
  }
}

/** Why a step is refused: problem type and fields; or `nothing` when it is not. */
export function refusal(decide: () => unknown): string {
  try {
    decide();
  } catch (error) {
    if (error instanceof Problem)
      return [error.type, ...error.fields.map(({ pointer }) => pointer)].join(' ');
    throw error;
  }
  return 'nothing';
}

/** What holds for the claimed time of every step of a dossier that was accepted at `NOW`. */
export function claimedTimes(past: readonly Past[], step: (occurredAt?: string) => Decide): Case[] {
  const last = given(...past).lastStepAt;
  const minute = (from: string, n: number): string => new Date(Date.parse(from) + n * 60_000).toISOString();
  const now = minute(last, 600);
  return [
    { name: 'happens now if no instant is claimed', now, given: past, when: step(), then: at(now) },
    {
      name: 'may be claimed for as early as the step before',
      now,
      given: past,
      when: step(last),
      then: at(last),
    },
    {
      name: 'is refused before the step before',
      now,
      given: past,
      when: step(minute(last, -1)),
      then: `${last === NOW ? 'before-acceptance' : 'before-previous-step'} /occurredAt`,
    },
    {
      name: 'is refused before the acceptance',
      now,
      given: past,
      when: step(minute(NOW, -1)),
      then: 'before-acceptance /occurredAt',
    },
    {
      name: 'is refused beyond the tolerance of the clock',
      now,
      given: past,
      when: step(minute(now, 6)),
      then: 'in-the-future /occurredAt',
    },
  ];
}
const at = (occurredAt: string): Expected[] => [{ occurredAt }];
