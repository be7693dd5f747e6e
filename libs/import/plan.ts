import type { DossierFact, NewDossierEvent } from '#libs/dossier/dossier.events.js';
import type { EventMetadata } from '#libs/event-log/event-log.js';
import type { ReferenceData } from '#libs/reference/reference.events.js';
import type { Claims, Refused } from './claims.js';
import { importId } from './event-ids.js';
import { type Doubt, doubtsOf } from './doubts.js';
import type { SoFar } from './so-far.js';
import { importedTerms } from './terms.js';

export interface PlanContext {
  /** SHA-256 of the file. */
  readonly file: string;
  readonly correlationId: string;
  readonly causationId: string;
  readonly reference: ReferenceData;
  /** Of the log. */
  readonly zone: string;
  /** The log has a column for the acceptance: a row without one cannot begin a dossier. */
  readonly statesAcceptance: boolean;
  /** The present: ISO 8601 in UTC. */
  readonly now: string;
}

/** What some rows of one dossier come to. Every row is in `refused`, or accepted. */
export interface Plan {
  readonly events: readonly NewDossierEvent[];
  readonly refused: readonly Refused[];
  /** Accepted rows that bring nothing new. */
  readonly repeated: number;
  readonly doubts: readonly Doubt[];
}

const SCHEMA_VERSION = 1;

/**
 * Turns rows of one dossier into the events that its stream lacks: the acceptance first, an activity for each row,
 * the end last. What a later row says against an earlier one does not replace it, and is doubted.
 */
export function plan(rows: readonly Claims[], before: SoFar, context: PlanContext): Plan {
  if (before.ownDossier) {
    const reason = 'a dossier of the desk has this code already';
    return { events: [], refused: rows.map(({ row }) => ({ row, reason })), repeated: 0, doubts: [] };
  }
  const draft = new Draft(before, context);
  const refused: Refused[] = [];
  const accepted: Claims[] = [];
  let repeated = 0;
  for (const claims of rows) {
    const outcome = draft.add(claims);
    if (typeof outcome === 'string') {
      refused.push({ row: claims.row, reason: outcome });
    } else {
      accepted.push(claims);
      if (!outcome) repeated++;
    }
  }
  const { state } = draft;
  return { events: draft.events(), refused, repeated, doubts: doubtsOf(accepted, state, context) };
}

/** A dossier with the rows seen so far worked in. */
class Draft {
  private readonly added: NewDossierEvent[] = [];
  private ending: NewDossierEvent | undefined;
  private readonly ids: Set<string>;

  constructor(
    public state: SoFar,
    private readonly context: PlanContext,
  ) {
    this.ids = new Set(state.standing.keys());
  }

  /** The acceptance and the activities in the order of the file, and the end after them. */
  events(): NewDossierEvent[] {
    return this.ending ? [...this.added, this.ending] : this.added;
  }

  /** Whether the row brought something new, or why it is refused. */
  add(claims: Claims): boolean | string {
    const acceptance = this.accept(claims);
    if (typeof acceptance === 'string') return acceptance;
    const activity = this.recordActivity(claims);
    const end = this.resolve(claims);
    return acceptance || activity || end;
  }

  private accept(claims: Claims): boolean | string {
    if (this.state.accepted) return false;
    if (claims.acceptance === null && this.context.statesAcceptance) return 'acceptance is empty';
    const at = claims.acceptance ?? claims.instant;
    const terms = importedTerms(claims, at, this.context);
    if (typeof terms === 'string') return terms;
    const { code, unit, official, channel } = claims;
    const data = { code, unit, official, channel, ...terms, formerCode: null };
    const event = this.event(claims.row, importedKey(claims, 'accepted'), {
      type: 'DossierAccepted',
      data,
      occurredAt: at,
    });
    if (event) this.added.push(event);
    this.state = {
      ...this.state,
      accepted: { ...data, at, origin: { file: this.context.file, row: claims.row } },
    };
    return true;
  }

  private recordActivity(claims: Claims): boolean {
    const { activity, performer, instant, eventId } = claims;
    const event = this.event(
      claims.row,
      importedKey(claims, 'activity', eventId, activity, instant, performer),
      {
        type: 'ActivityRecorded',
        data: { activity, performer },
        occurredAt: instant,
      },
    );
    if (event) this.added.push(event);
    return event !== undefined;
  }

  private resolve(claims: Claims): boolean {
    if (this.state.end || claims.end === null) return false;
    this.ending = this.event(claims.row, importedKey(claims, 'resolved'), {
      type: 'DossierResolved',
      data: { outcome: 'granted' },
      occurredAt: claims.end,
    });
    this.state = {
      ...this.state,
      end: { at: claims.end, origin: { file: this.context.file, row: claims.row } },
    };
    return true;
  }

  /** Undefined if it stands already, from whichever generation. */
  private event(row: number, key: ImportedKey, fact: DossierFact): NewDossierEvent | undefined {
    const { generation } = this.state;
    for (let past = 0; past <= generation; past++) {
      if (this.ids.has(importId(...key, past))) return undefined;
    }
    const id = importId(...key, generation);
    this.ids.add(id);
    const { file, correlationId, causationId } = this.context;
    const metadata: EventMetadata = { actor: 'import', correlationId, causationId, source: { file, row } };
    return { id, schemaVersion: SCHEMA_VERSION, metadata, ...fact } as NewDossierEvent;
  }
}

type ImportedKey = readonly (string | null)[];

function importedKey({ code }: Claims, ...parts: ImportedKey): ImportedKey {
  return ['dossier', code, ...parts];
}
