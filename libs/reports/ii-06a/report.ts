import type { Period } from './columns.js';
import type { Summary } from './summarise.js';

/** How far a report is behind the log. */
export interface Lag {
  /** Events of dossiers that are not in it yet; 1000 means as many or more. */
  readonly events: number;
  /** Since the store took the first of them. */
  readonly seconds: number;
}

/** Form II.06a of a period. Its control sums hold: they are checked before it is given out. */
export interface ReportII06a extends Period, Summary {
  readonly form: 'II.06a';
  /** True to this event of the log: everything up to it is counted, and nothing after it. */
  readonly position: number;
  readonly lag: Lag;
}
