import type { PoolClient } from 'pg';
import { DOSSIER_CATEGORY, type DossierEvent } from '#libs/dossier/dossier.events.js';
import { categoryOf, idOf, type RecordedEvent } from '#libs/event-log/event-log.js';
import { FoldedRows } from '#libs/projection/folded-rows.js';
import type { ApplyMode, Projection } from '#libs/projection/projection.js';
import { REFERENCE_CATEGORY, type ReferenceEventData } from '#libs/reference/reference.events.js';
import { type Case, changesCase } from './case.js';
import { Known } from './known.js';
import { learn } from './learn.js';
import { CASES, createTables, loadKnown, saveKnown, writeCalendar } from './tables.projection.js';

export const DURATIONS = 'durations';

/**
 * How long finished dossiers took from each phase to their end, what was forecast of each dossier, and how good that
 * was. A forecast rests on what stood in the log before it, so that it is the same whenever the log is read again.
 */
export class DurationsProjection implements Projection {
  readonly name = DURATIONS;
  readonly categories = [DOSSIER_CATEGORY, REFERENCE_CATEGORY];
  readonly version = 2;
  readonly tables = [
    { name: 'cases', key: ['code'] },
    { name: 'history', key: ['procedure', 'state', 'unit', 'slot'] },
    { name: 'forecasts', key: ['procedure', 'state', 'unit'] },
    { name: 'quality', key: ['procedure'] },
    { name: 'calendars', key: ['id', 'version'] },
  ];

  private readonly knownAt = new WeakMap<RecordedEvent, Known>();
  /** A rebuild keeps what it learns in memory, by connection. */
  private readonly rebuilding = new WeakMap<PoolClient, Known>();
  private readonly cases = new FoldedRows<Case>({
    ...CASES,
    fold: (before, event) =>
      learn(before, event as unknown as DossierEvent, this.knownAt.get(event) ?? new Known()),
  });

  async create(db: PoolClient, schema: string): Promise<void> {
    this.cases.begin(db);
    this.rebuilding.delete(db);
    await createTables(db, schema);
  }

  async apply(
    db: PoolClient,
    schema: string,
    events: readonly RecordedEvent[],
    mode: ApplyMode,
  ): Promise<void> {
    const changing = events.filter(
      (event) => categoryOf(event.stream) === DOSSIER_CATEGORY && changesCase(event),
    );
    const published = events.filter(({ type }) => type === 'CalendarPublished').map(calendarIn);
    for (const { definition, ...ref } of published) await writeCalendar(db, schema, ref, definition);
    if (mode === 'live' && changing.length === 0) return;
    const known = mode === 'live' ? await this.load(db, schema, changing) : this.keptBy(db);
    for (const { definition, ...ref } of published) known.addCalendar(ref, definition);
    for (const event of changing) this.knownAt.set(event, known);
    await this.cases.apply(db, schema, changing, mode);
    if (mode === 'live') await saveKnown(db, schema, known);
  }

  async finish(db: PoolClient, schema: string): Promise<void> {
    await this.cases.finish(db, schema);
    await saveKnown(db, schema, this.keptBy(db));
    this.rebuilding.delete(db);
  }

  private load(db: PoolClient, schema: string, events: readonly RecordedEvent[]): Promise<Known> {
    const codes = events.filter(({ revision }) => revision > 0n).map(({ stream }) => idOf(stream));
    return loadKnown(
      db,
      schema,
      codes,
      events.flatMap((event) => procedureIn(event as unknown as DossierEvent)),
    );
  }

  private keptBy(db: PoolClient): Known {
    const kept = this.rebuilding.get(db) ?? new Known();
    this.rebuilding.set(db, kept);
    return kept;
  }
}

function procedureIn(event: DossierEvent): string[] {
  if (event.type === 'DossierRegistered') return [event.data.procedure];
  return event.type === 'DossierAccepted' ? [event.data.terms.procedure.id] : [];
}

function calendarIn({ data }: RecordedEvent): { id: string; version: number; definition: string } {
  const { id, version, definition } = data as unknown as ReferenceEventData['CalendarPublished'];
  return { id, version, definition: JSON.stringify(definition) };
}
