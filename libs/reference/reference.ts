import { streamName } from '#libs/event-log/event-log.js';
import {
  type CalendarVersion,
  type PolicyVersion,
  type ProcedureVersion,
  REFERENCE_CATEGORY,
  type ReferenceData,
  type ReferenceEventData,
  type ReferenceEventType,
  type ReminderPolicyVersion,
  type UnitVersion,
  type Versioned,
} from './reference.events.js';

/** What is published in versions: kind → version. */
export interface VersionOf {
  calendar: CalendarVersion;
  policy: PolicyVersion;
  unit: UnitVersion;
  procedure: ProcedureVersion;
  reminders: ReminderPolicyVersion;
}
export type ReferenceKind = keyof VersionOf;

/** Stream that holds all versions of a kind, one event each. */
export const REFERENCE_STREAMS: Readonly<Record<ReferenceKind, string>> = {
  calendar: streamName(REFERENCE_CATEGORY, 'calendars'),
  policy: streamName(REFERENCE_CATEGORY, 'policies'),
  unit: streamName(REFERENCE_CATEGORY, 'units'),
  procedure: streamName(REFERENCE_CATEGORY, 'procedures'),
  reminders: streamName(REFERENCE_CATEGORY, 'reminders'),
};

/** All versions of every id, in the order of their numbers. */
export type ReferenceState = {
  readonly [K in ReferenceKind]: ReadonlyMap<string, readonly VersionOf[K][]>;
};

export type ReferenceFact = {
  [T in ReferenceEventType]: { readonly type: T; readonly data: ReferenceEventData[T] };
}[ReferenceEventType];

export function initialReference(): ReferenceState {
  return {
    calendar: new Map(),
    policy: new Map(),
    unit: new Map(),
    procedure: new Map(),
    reminders: new Map(),
  };
}

/** The state after one more published version; a type that only a later release knows changes nothing. */
export function evolveReference(state: ReferenceState, event: ReferenceFact): ReferenceState {
  switch (event.type) {
    case 'CalendarPublished':
      return { ...state, calendar: withVersion(state.calendar, event.data.id, event.data) };
    case 'PolicyPublished':
      return { ...state, policy: withVersion(state.policy, event.data.id, event.data) };
    case 'UnitPublished':
      return { ...state, unit: withVersion(state.unit, event.data.code, event.data) };
    case 'ProcedurePublished':
      return { ...state, procedure: withVersion(state.procedure, event.data.code, event.data) };
    case 'ReminderPolicyPublished':
      return { ...state, reminders: publishedLast(state.reminders, event.data.id, event.data) };
    default:
      return state;
  }
}

function withVersion<V>(
  versions: ReadonlyMap<string, readonly V[]>,
  id: string,
  version: V,
): Map<string, readonly V[]> {
  return new Map(versions).set(id, [...(versions.get(id) ?? []), version]);
}

/** The same, and the id goes to the end. */
function publishedLast<V>(
  versions: ReadonlyMap<string, readonly V[]>,
  id: string,
  version: V,
): Map<string, readonly V[]> {
  const others = new Map(versions);
  others.delete(id);
  return others.set(id, [...(versions.get(id) ?? []), version]);
}

/** All versions of one id; the id may be composed or decomposed Unicode. */
export function versionsOf<K extends ReferenceKind>(
  state: ReferenceState,
  kind: K,
  id: string,
): readonly VersionOf[K][] {
  const versions: ReadonlyMap<string, readonly VersionOf[K][]> = state[kind];
  return versions.get(id.normalize('NFC')) ?? [];
}

/** The version in force on a date: the highest-numbered one whose validity holds it. */
export function inForce<V extends Versioned>(versions: readonly V[], date: string): V | undefined {
  return versions.findLast((v) => v.validFrom <= date && (v.validTo === null || date <= v.validTo));
}

/** The lookups that deciding steps use, over whatever state `current` gives at the time of the call. */
export function referenceData(current: () => ReferenceState): ReferenceData {
  const on = <K extends ReferenceKind>(kind: K, id: string, date: string) =>
    inForce(versionsOf(current(), kind, id), date);
  const numbered = <K extends ReferenceKind>(kind: K, id: string, version: number) =>
    versionsOf(current(), kind, id).find((v) => v.version === version);
  return {
    unit: (code, date) => on('unit', code, date),
    procedure: (code, date) => on('procedure', code, date),
    calendar: (id, date) => on('calendar', id, date),
    policy: (id, date) => on('policy', id, date),
    reminders: (unit, date) => remindersOf(current(), unit, date),
    calendarVersion: (id, version) => numbered('calendar', id, version),
    policyVersion: (id, version) => numbered('policy', id, version),
    all: () => {
      const state = current();
      return {
        calendars: [...state.calendar.values()].flat(),
        policies: [...state.policy.values()].flat(),
        units: [...state.unit.values()].flat(),
        procedures: [...state.procedure.values()].flat(),
        reminders: [...state.reminders.values()].flat(),
      };
    },
  };
}

/** Of several that name the unit, the one of which a version was published last. */
function remindersOf(
  { reminders }: ReferenceState,
  unit: string,
  date: string,
): ReminderPolicyVersion | undefined {
  const valid = [...reminders.values()].flatMap((versions) => inForce(versions, date) ?? []);
  const code = unit.normalize('NFC');
  return (
    valid.findLast(({ units }) => units !== 'all' && units.includes(code)) ??
    valid.findLast(({ units }) => units === 'all')
  );
}
