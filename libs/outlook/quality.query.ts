import { FEWEST_CASES, HISTORY_SIZE } from './forecast.js';
import { type Cell, CELLS } from './known.js';
import { inSnapshot, type ReadModels } from './snapshot.query.js';

/** Finished dossiers of a procedure by what was forecast. */
export type ProcedureQuality = { readonly procedure: string } & Readonly<Record<Cell, number>>;

export interface ForecastQuality {
  readonly position: bigint;
  /** A forecast rests on so many finished dossiers of a phase at least, and at most. */
  readonly fewestCases: number;
  readonly mostCases: number;
  readonly procedures: readonly ProcedureQuality[];
}

/** @throws Problem `read-model-behind` */
export function forecastQuality(models: ReadModels, procedure?: string): Promise<ForecastQuality> {
  return inSnapshot(models, async (db, position) => {
    const { rows } = await db.query<ProcedureQuality>(
      `SELECT procedure, ${CELLS.join(', ')} FROM durations.quality
        WHERE $1::text IS NULL OR procedure = $1 ORDER BY procedure`,
      [procedure ?? null],
    );
    return { position, fewestCases: FEWEST_CASES, mostCases: HISTORY_SIZE, procedures: rows };
  });
}
