import type { DossierFact, NewDossierEvent } from '#libs/dossier/dossier.events.js';
import type { EventMetadata } from '#libs/event-log/event-log.js';
import type { JsonObject } from '#libs/event-log/json.js';
import { clearParts, type Unsealed } from '#libs/personal-data/sealing.js';
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
  /** Whose key the names of a dossier's officials are sealed under, by its code. */
  readonly subjectOf: (code: string) => string;
  /** A keyed hash, for ids that must not tell a name to who tries it out. */
  readonly digest: (text: string) => string;
}

/** What some rows of one dossier come to. Every row is in `refused`, or accepted. */
export interface Plan {
  readonly events: readonly Unsealed<NewDossierEvent>[];
  readonly refused: readonly Refused[];
  /** Accepted rows that bring nothing new. */
  readonly repeated: number;
  readonly doubts: readonly Doubt[];
}

/** Newest version of the shape of an event's data. */
const SCHEMA_VERSIONS = { DossierAccepted: 1, ActivityRecorded: 2, DossierResolved: 1 };
type Brought = Extract<DossierFact, { type: keyof typeof SCHEMA_VERSIONS }>;

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
  private readonly added: Unsealed<NewDossierEvent>[] = [];
  private ending: Unsealed<NewDossierEvent> | undefined;
  private readonly ids: Set<string>;

  constructor(
    public state: SoFar,
    private readonly context: PlanContext,
  ) {
    this.ids = new Set(state.standing.keys());
  }

  /** The acceptance and the activities in the order of the file, and the end after them. */
  events(): Unsealed<NewDossierEvent>[] {
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
    const { code, unit, official, officialName, channel } = claims;
    const data = { code, unit, official, channel, ...terms, formerCode: null };
    const event = this.event(claims, [importedKey(claims, 'accepted')], {
      type: 'DossierAccepted',
      data,
      occurredAt: at,
      ...(officialName === null ? {} : { personal: { official: officialName } }),
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
    const key = (who: string | null): ImportedKey =>
      importedKey(claims, 'activity', eventId, activity, instant, who);
    // The second one is as releases before sealing wrote it.
    const keys = [key(performer && this.context.digest(performer)), key(performer)] as const;
    const event = this.event(claims, keys, {
      type: 'ActivityRecorded',
      data: { activity },
      occurredAt: instant,
      ...(performer === null ? {} : { personal: { performer } }),
    });
    if (event) this.added.push(event);
    return event !== undefined;
  }

  private resolve(claims: Claims): boolean {
    if (this.state.end || claims.end === null) return false;
    this.ending = this.event(claims, [importedKey(claims, 'resolved')], {
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

  /**
   * Undefined if it stands already, from whichever generation.
   * @param keys by which it may stand; the first is its own
   */
  private event(
    { row, code }: Claims,
    keys: readonly [ImportedKey, ...ImportedKey[]],
    { personal, ...fact }: Brought,
  ): Unsealed<NewDossierEvent> | undefined {
    const { generation } = this.state;
    for (let past = 0; past <= generation; past++) {
      if (keys.some((key) => this.ids.has(importId(...key, past)))) return undefined;
    }
    const id = importId(...keys[0], generation);
    this.ids.add(id);
    const { file, correlationId, causationId, subjectOf } = this.context;
    const metadata: EventMetadata = { actor: 'import', correlationId, causationId, source: { file, row } };
    const schemaVersion = SCHEMA_VERSIONS[fact.type];
    const whose = { otherwise: subjectOf(code) };
    return {
      event: { id, schemaVersion, metadata, ...fact },
      parts: personal ? clearParts(personal as JsonObject, { applicant: whose, submitter: whose }) : [],
    };
  }
}

type ImportedKey = readonly (string | null)[];

function importedKey({ code }: Claims, ...parts: ImportedKey): ImportedKey {
  return ['dossier', code, ...parts];
}
