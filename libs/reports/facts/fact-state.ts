import type { Channel } from '#libs/dossier/dossier.events.js';

/** A claimed instant and when the store took the claim. All are ISO 8601 in UTC with milliseconds. */
export interface Claim {
  /** As claimed now, corrections included. */
  readonly at: string;
  /** When the store took the claim that stands now. */
  readonly saidAt: string;
  /** When the store first took the step itself. */
  readonly recordedAt: string;
  /** The imported file that the step came from. */
  readonly file: string | null;
}

export interface End extends Claim {
  /** The store had it no later than the instant that was due then. */
  readonly onTimeRecorded: boolean;
}

/** What the fold keeps of one dossier; plain JSON, private to the facts. */
export interface FactState {
  readonly code: string;
  readonly unit: string | null;
  readonly procedure: string | null;
  readonly field: string | null;
  readonly channel: Channel | null;
  readonly zone: string | null;
  /** Before time is told by the instant; else by the date. */
  readonly beforeByInstant?: boolean;
  readonly accepted: Claim | null;
  /** The due instant that counts for the report; see `moveDue`. */
  readonly due: string | null;
  /** Set while the clock stands still. */
  readonly stopped: Claim | null;
  readonly end: End | null;
  readonly supplements: number;
  /** Reasons that no later event takes away. */
  readonly reasons: readonly Reason[];
  readonly reversed: boolean;
}

/** Why a dossier needs explanation. A reason is a question to the desk, not a finding. */
export type Reason =
  | 'accepted_late_recorded'
  | 'due_before_accepted'
  | 'due_corrected'
  | 'due_unknown'
  | 'end_exactly_at_due'
  | 'end_recorded_after_due'
  | 'ended_before_accepted'
  | 'extended_after_due'
  | 'in_future'
  | 'step_after_end'
  | 'supplement_twice';

export function initialFactState(code: string): FactState {
  return {
    code,
    unit: null,
    procedure: null,
    field: null,
    channel: null,
    zone: null,
    accepted: null,
    due: null,
    stopped: null,
    end: null,
    supplements: 0,
    reasons: [],
    reversed: false,
  };
}
