import type { CalendarDefinition } from '#libs/calendar/calendar.js';
import { CalendarError } from '#libs/calendar/calendar-error.js';
import { type Calendar, compileCalendar } from '#libs/calendar/compile-calendar.js';
import type { VersionRef } from '#libs/dossier/dossier.events.js';
import type { Phase } from './case.js';
import { type Chance, History } from './forecast.js';

/** Finished dossiers by what was said of them, on time and late. */
export type Cell = `${NonNullable<Chance> | 'unsaid'}_${'on_time' | 'late'}`;
export const CELLS: readonly Cell[] = [
  'likely_late',
  'likely_on_time',
  'possible_late',
  'possible_on_time',
  'unlikely_late',
  'unlikely_on_time',
  'unsaid_late',
  'unsaid_on_time',
];

/** How good the forecast was for one procedure. */
export class Quality {
  changed = false;
  private readonly counts: Record<Cell, number>;

  constructor(counts: Partial<Record<Cell, number>> = {}) {
    this.counts = Object.fromEntries(CELLS.map((cell) => [cell, counts[cell] ?? 0])) as Record<Cell, number>;
  }

  get cells(): Readonly<Record<Cell, number>> {
    return this.counts;
  }

  count(said: Chance, late: boolean, by: 1 | -1): void {
    this.counts[`${said ?? 'unsaid'}_${late ? 'late' : 'on_time'}`] += by;
    this.changed = true;
  }
}

/** A phase of a procedure: histories are kept for each. */
export interface PhaseOf extends Phase {
  readonly procedure: string;
}

/** What was learnt up to a place in the log. */
export class Known {
  private readonly byPhase = new Map<string, { readonly of: PhaseOf; readonly history: History }>();
  private readonly byProcedure = new Map<string, Quality>();
  private readonly calendars = new Map<string, string>();

  get histories(): Iterable<{ readonly of: PhaseOf; readonly history: History }> {
    return this.byPhase.values();
  }

  get qualities(): Iterable<readonly [string, Quality]> {
    return this.byProcedure;
  }

  history(procedure: string, { state, unit }: Phase): History {
    const key = JSON.stringify([procedure, state, unit]);
    return this.byPhase.get(key)?.history ?? this.addHistory({ procedure, state, unit }, new History());
  }

  addHistory(of: PhaseOf, history: History): History {
    this.byPhase.set(JSON.stringify([of.procedure, of.state, of.unit]), { of, history });
    return history;
  }

  quality(procedure: string): Quality {
    return this.byProcedure.get(procedure) ?? this.addQuality(procedure, new Quality());
  }

  addQuality(procedure: string, quality: Quality): Quality {
    this.byProcedure.set(procedure, quality);
    return quality;
  }

  /** @param definition as JSON */
  addCalendar({ id, version }: VersionRef, definition: string): void {
    this.calendars.set(`${version} ${id}`, definition);
  }

  /** Undefined where it was never published, or cannot be counted by. */
  calendar(ref: VersionRef | null): Calendar | undefined {
    const definition = ref ? this.calendars.get(`${ref.version} ${ref.id}`) : undefined;
    return definition === undefined ? undefined : compiled(definition);
  }
}

const ready = new Map<string, Calendar | undefined>();

/** The same text is the same calendar, whichever log it stands in. */
function compiled(definition: string): Calendar | undefined {
  if (!ready.has(definition)) ready.set(definition, compile(definition));
  return ready.get(definition);
}

function compile(definition: string): Calendar | undefined {
  try {
    return compileCalendar(JSON.parse(definition) as CalendarDefinition);
  } catch (error) {
    if (error instanceof CalendarError) return undefined;
    throw error;
  }
}
