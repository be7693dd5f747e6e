import type { Pause } from '#libs/calendar/calendar.js';
import type {
  DossierEvent,
  DossierEventData,
  DossierEventType,
  VersionRef,
} from '#libs/dossier/dossier.events.js';
import type { Status } from '#libs/dossier/dossier.js';
import { idOf } from '#libs/event-log/event-log.js';
import type { Chance } from './forecast.js';

/** Where a dossier is: its state, and the unit that has it. */
export interface Phase {
  readonly state: Status;
  readonly unit: string;
}

export interface Entry extends Phase {
  readonly at: string;
}

/** What learning from a dossier needs to know of it; plain JSON. Instants are ISO 8601 in UTC with milliseconds. */
export interface Case extends Phase {
  readonly code: string;
  readonly procedure: string;
  readonly calendar: VersionRef | null;
  readonly acceptedAt: string | null;
  readonly dueAt: string | null;
  /** The due instant that counts, as in the report: one given after the old one had passed does not. */
  readonly countedDueAt: string | null;
  readonly pauses: readonly Pause[];
  readonly endedAt: string | null;
  /** Ended by a result: only these are learnt from. */
  readonly resolved: boolean;
  readonly importedFrom: string | null;
  /** The file that its end came from. */
  readonly endedFrom: string | null;
  readonly reversed: boolean;
  /** When it came where it is, and whether the clock runs there. */
  readonly since: string;
  readonly running: boolean;
  /** The last entry into each phase in which the clock ran. */
  readonly entries: readonly Entry[];
  /** Working seconds from `since` to the due instant; null where that cannot be said. */
  readonly left: number | null;
  /** What the forecast was at the last entry into a phase before the due instant. */
  readonly said: Chance;
}

const CHANGING: ReadonlySet<string> = new Set<DossierEventType>([
  'DossierRegistered',
  'DossierAccepted',
  'DossierRejected',
  'DossierHandedOver',
  'ConsultationRequested',
  'SupplementRequested',
  'SupplementReceived',
  'PaymentRequested',
  'PaymentConfirmed',
  'DeadlineExtended',
  'DossierWithdrawn',
  'DossierStopped',
  'DossierResolved',
  'DossierCorrected',
  'ActivityRecorded',
  'ImportReversed',
]);

/** Whether an event can change a case; all others need not be looked at. */
export const changesCase = ({ type }: { readonly type: string }): boolean => CHANGING.has(type);

/**
 * The case after one more event; undefined before the event that brings the dossier in. Total: what happened is never
 * refused. `left` and `said` are for whoever knows calendars and histories.
 */
export function foldCase(before: Case | undefined, event: DossierEvent): Case | undefined {
  const brings = event.type === 'DossierRegistered' || event.type === 'DossierAccepted';
  const current = brings && (!before || before.reversed) ? blank(idOf(event.stream)) : before;
  if (!current) return undefined;
  const changed = change(current, event);
  return changed === before ? before : entered(current, changed, event.occurredAt);
}

function change(it: Case, event: DossierEvent): Case {
  const at = event.occurredAt;
  switch (event.type) {
    case 'DossierRegistered':
      return { ...it, unit: event.data.unit, procedure: event.data.procedure };
    case 'DossierAccepted': {
      const { unit, terms, dueAt } = event.data;
      return {
        ...it,
        ...{ unit, dueAt, countedDueAt: dueAt, procedure: terms.procedure.id, calendar: terms.calendar },
        state: it.state === 'supplement_requested' ? 'processing' : 'accepted',
        acceptedAt: at,
        importedFrom: event.metadata.source?.file ?? null,
      };
    }
    case 'DossierRejected':
      return { ...it, state: 'rejected', endedAt: it.endedAt ?? at };
    case 'DossierHandedOver':
      return process({ ...it, unit: event.data.toUnit });
    case 'ConsultationRequested':
      return process(it);
    case 'SupplementRequested':
      return wait(it, 'supplement_requested', event.data.stopsClock, at);
    case 'PaymentRequested':
      return wait(it, 'financial_obligation', event.data.stopsClock, at);
    case 'SupplementReceived':
    case 'PaymentConfirmed':
      return it.acceptedAt === null ? it : resume(it, at, event.data.dueAt);
    case 'DeadlineExtended':
      return moveDue(it, at, event.data.newDueAt);
    case 'DossierWithdrawn':
      return end(it, 'withdrawn', event);
    case 'DossierStopped':
      return end(it, 'stopped', event);
    case 'DossierResolved':
      return end(it, 'resolved', event);
    case 'DossierCorrected':
      return correct(it, event.data);
    case 'ActivityRecorded':
      return it.state === 'accepted' ? process(it) : it;
    case 'ImportReversed':
      return takeBack(it, event.data.file);
    default:
      return it;
  }
}

/** Notes when it came into another state or unit, or its clock stopped or went on. */
function entered(before: Case, changed: Case, at: string): Case {
  const running =
    changed.acceptedAt !== null && changed.endedAt === null && !changed.reversed && !stoppedAt(changed);
  const stays = changed.state === before.state && changed.unit === before.unit && running === before.running;
  if (stays) return changed;
  const { state, unit } = changed;
  const others = changed.entries.filter((entry) => entry.state !== state || entry.unit !== unit);
  return {
    ...changed,
    running,
    since: at,
    entries: running ? [...others, { state, unit, at }] : changed.entries,
  };
}

/** Since when its clock stands still. */
export function stoppedAt({ pauses }: Pick<Case, 'pauses'>): string | null {
  const last = pauses.at(-1);
  return last?.to === null ? last.from : null;
}

const process = (it: Case): Case => (it.endedAt === null ? { ...it, state: 'processing' } : it);

function wait(it: Case, state: Status, stopsClock: boolean, at: string): Case {
  const stops = stopsClock && it.acceptedAt !== null && !stoppedAt(it);
  return { ...it, state, pauses: stops ? [...it.pauses, { from: at, to: null }] : it.pauses };
}

function resume(it: Case, at: string, dueAt: string | null): Case {
  const moved = dueAt === null ? it : moveDue(it, at, dueAt);
  const pauses = it.pauses.map((pause) => (pause.to === null ? { ...pause, to: at } : pause));
  return process({ ...moved, pauses });
}

function moveDue(it: Case, at: string, dueAt: string): Case {
  const { countedDueAt } = it;
  if (it.endedAt !== null) return it;
  const passed = countedDueAt !== null && (stoppedAt(it) ?? at) > countedDueAt;
  return { ...it, dueAt, countedDueAt: passed ? countedDueAt : dueAt };
}

function end(it: Case, state: Status, { occurredAt, metadata }: DossierEvent): Case {
  // An end that was taken back may come again.
  const takenBack = it.state === 'resolved' && !it.resolved;
  if (it.endedAt !== null && !takenBack) return it;
  const endedFrom = metadata.source?.file ?? null;
  return { ...it, state, endedAt: occurredAt, endedFrom, resolved: state === 'resolved' };
}

/** Of a dossier that came in otherwise only its end is taken back; it is open nowhere else either. */
function takeBack(it: Case, file: string): Case {
  if (file === it.importedFrom) return { ...it, reversed: true };
  return file === it.endedFrom ? { ...it, resolved: false } : it;
}

function correct(it: Case, { field, from, to }: DossierEventData['DossierCorrected']): Case {
  if (field === 'due_at') return { ...it, dueAt: to, countedDueAt: to };
  if (field === 'resolved_at' && it.endedAt !== null) return { ...it, endedAt: to };
  if (field !== 'accepted_at') return it;
  const moved = (at: string): string => (at === from ? to : at);
  const entries = it.entries.map((entry) => ({ ...entry, at: moved(entry.at) }));
  return { ...it, acceptedAt: to, since: moved(it.since), entries };
}

function blank(code: string): Case {
  return {
    ...{ code, procedure: '', state: 'registered', unit: '', calendar: null, importedFrom: null },
    ...{
      acceptedAt: null,
      dueAt: null,
      countedDueAt: null,
      pauses: [],
      endedAt: null,
      endedFrom: null,
      resolved: false,
    },
    ...{ reversed: false, since: '', running: false, entries: [], left: null, said: null },
  };
}
