import { factOf } from './fact.js';
import type { FactState } from './fact-state.js';
import type { FACT_COLUMNS } from './tables.projection.js';

/** A row of table `facts`, by the names of its columns. */
export function factRecord(state: FactState): Record<keyof typeof FACT_COLUMNS, unknown> {
  const fact = factOf(state);
  return {
    code: fact.code,
    unit: fact.unit,
    procedure: fact.procedure,
    field: fact.field,
    channel: fact.channel,
    zone: fact.zone,
    accepted_at: fact.acceptedAt,
    due_at: fact.dueAt,
    overdue_from: fact.overdueFrom,
    ended_at: fact.endedAt,
    counted_end_at: fact.countedEndAt,
    end_class: fact.endClass,
    on_time_recorded: fact.onTimeRecorded,
    end_imported: fact.endImported,
    needs_explanation: fact.needsExplanation,
    state,
  };
}
