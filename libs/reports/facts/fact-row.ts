import type { JsonObject } from '#libs/event-log/json.js';
import type { FactState } from './fact-state.js';
import { factOf } from './fact.js';

/** A row of table `facts`, as JSON that PostgreSQL can read. */
export function factRow(state: FactState): JsonObject {
  const fact = factOf(state);
  return {
    code: fact.code,
    unit: fact.unit,
    procedure: fact.procedure,
    field: fact.field,
    channel: fact.channel,
    zone: fact.zone,
    accepted_at: fact.acceptedAt,
    accepted_recorded_at: fact.acceptedRecordedAt,
    due_at: fact.dueAt,
    overdue_from: fact.overdueFrom,
    ended_at: fact.endedAt,
    counted_end_at: fact.countedEndAt,
    end_class: fact.endClass,
    end_recorded_at: fact.endRecordedAt,
    on_time_recorded: fact.onTimeRecorded,
    end_imported: fact.endImported,
    imported: fact.imported,
    reversed: fact.reversed,
    needs_explanation: [...fact.needsExplanation],
    state: state as unknown as JsonObject,
  };
}
