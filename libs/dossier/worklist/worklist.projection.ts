import type { PoolClient } from 'pg';
import { categoryOf, type RecordedEvent } from '#libs/event-log/event-log.js';
import { openParts, partsOf, type PersonalPart } from '#libs/personal-data/opening.js';
import { PERSON_CATEGORY, type PersonEvent } from '#libs/personal-data/person.events.js';
import { DAMAGED, ERASED } from '#libs/personal-data/sealed.js';
import type { Vault } from '#libs/personal-data/vault.js';
import { FoldedRows } from '#libs/projection/folded-rows.js';
import type { ApplyMode, Projection } from '#libs/projection/projection.js';
import { DOSSIER_CATEGORY } from '../dossier.events.js';
import { foldRow, type NamedParty, type Row } from './row.js';
import { SearchTokens } from './search-tokens.js';
import { createIndexes, createTables, DOSSIERS, forgetErased, noteErased } from './tables.projection.js';

const INSTANTS = ['registeredAt', 'acceptedAt', 'dueAt', 'pausedAt', 'endedAt'] as const;

/**
 * The worklist: one row per dossier, by which clerks and supervisors find what is to be done. It holds persons as the
 * events do, sealed, and tokens to find them by.
 */
export class WorklistProjection implements Projection {
  readonly name = 'worklist';
  readonly categories = [DOSSIER_CATEGORY, PERSON_CATEGORY];
  readonly version = 6;
  readonly tables = [
    { name: 'dossiers', key: ['code'] },
    { name: 'erased', key: ['subject'] },
  ];

  private readonly parties = new WeakMap<RecordedEvent, readonly NamedParty[]>();
  private readonly rows = new FoldedRows<Row>({
    ...DOSSIERS,
    fold: (row, event) => foldChecked(row, event, this.parties.get(event)),
  });
  private readonly tokens: SearchTokens;

  /** @param notice told of what cannot be read, where it stands: such a party is found by nothing */
  constructor(
    private readonly vault: Pick<Vault, 'open' | 'digest'>,
    private readonly notice: (line: string) => void = () => undefined,
  ) {
    this.tokens = new SearchTokens(vault);
  }

  async create(db: PoolClient, schema: string): Promise<void> {
    this.rows.begin(db);
    await createTables(db, schema);
  }

  async apply(
    db: PoolClient,
    schema: string,
    events: readonly RecordedEvent[],
    mode: ApplyMode,
  ): Promise<void> {
    const ofDossiers = events.filter(({ stream }) => categoryOf(stream) === DOSSIER_CATEGORY);
    const named = await this.openParties(ofDossiers);
    await this.rows.apply(db, schema, ofDossiers, mode);
    const erased = events.flatMap((event) => erasedBy(event as PersonEvent));
    if (erased.length > 0) await noteErased(db, schema, erased);
    // A rebuild takes them out at its end, when all rows are in the table.
    const concerned = [...erased, ...named];
    if (mode === 'live' && concerned.length > 0) await forgetErased(db, schema, concerned);
  }

  async finish(db: PoolClient, schema: string): Promise<void> {
    await this.rows.finish(db, schema);
    await forgetErased(db, schema);
    await createIndexes(db, schema);
  }

  /** Opens the parties of all these events in one call, to find them by later. @returns their subjects */
  private async openParties(events: readonly RecordedEvent[]): Promise<string[]> {
    const found = events.flatMap((event) =>
      partsOf(event.personal)
        .filter(({ part }) => part !== 'rest')
        .map((part) => ({ event, part })),
    );
    const opened = await openParts(
      this.vault,
      found.map(({ part }) => part),
    );
    for (const [n, { event, part }] of found.entries()) {
      const fields = opened[n] ?? ERASED;
      if (fields === DAMAGED) this.notice(unreadable(event, part));
      const readable = fields !== ERASED && fields !== DAMAGED;
      const tokens = readable ? this.tokens.ofParty(fields).join(' ') : '';
      this.parties.set(event, [...(this.parties.get(event) ?? []), { part, tokens }]);
    }
    return found.map(({ part }) => part.subject);
  }
}

const unreadable = ({ stream, position }: RecordedEvent, { part }: PersonalPart): string =>
  `${stream}, position ${position}: the ${part} cannot be read: changed, or sealed under another key`;

const erasedBy = (event: PersonEvent): string[] =>
  event.type === 'PersonErased' ? [event.data.subject] : [];

/** An instant that the database would refuse is found here, where the event that brought it is known. */
function foldChecked(
  row: Row | undefined,
  event: RecordedEvent,
  parties: readonly NamedParty[] | undefined,
): Row | undefined {
  const next = foldRow(row, event, parties);
  if (next) for (const property of INSTANTS) checkInstant(next[property], row?.[property]);
  return next;
}

function checkInstant(at: string | null, before: string | null | undefined): void {
  if (at !== null && at !== before && Number.isNaN(Date.parse(at))) throw new RangeError('not an instant');
}
