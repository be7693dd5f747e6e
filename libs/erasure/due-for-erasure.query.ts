import type { ReferenceData } from '#libs/reference/reference.events.js';
import { mayBeDue, type PersonDossiers, type ReadModels, type Retention } from './persons.query.js';
import { dueSince, type Holding } from './retention.js';

/** A person whom the law wants forgotten. */
export interface DueForErasure {
  readonly subject: string;
  /** End of the last period of retention. */
  readonly since: string;
  readonly dossiers: readonly string[];
}

export interface DuePage {
  readonly items: readonly DueForErasure[];
  /** `after` of the next page; null on the last one. */
  readonly next: string | null;
}

/**
 * Persons due for erasure, in the order of their ids, as far as the caller may know of every dossier of theirs.
 * A page looks at so many candidates and may show fewer.
 */
export async function dueForErasure(
  models: ReadModels,
  parts: {
    readonly reference: ReferenceData;
    readonly holdings: (codes: readonly string[], now: string) => Promise<readonly Holding[]>;
    readonly mayKnow: (holding: Holding) => boolean;
  },
  { now, after, limit }: { now: string; after: string; limit: number },
): Promise<DuePage> {
  const retentions = retentionsOn(parts.reference, now);
  const found = await mayBeDue(models, { retentions, now, after, limit: limit + 1 });
  const candidates = found.slice(0, limit);
  const items: DueForErasure[] = [];
  for (const person of candidates) {
    const due = await exactly(person, now, parts);
    if (due) items.push(due);
  }
  return { items, next: found.length > limit ? (candidates.at(-1)?.subject ?? null) : null };
}

async function exactly(
  { subject, codes }: PersonDossiers,
  now: string,
  { holdings, mayKnow }: Parameters<typeof dueForErasure>[1],
): Promise<DueForErasure | undefined> {
  const held = await holdings(codes, now);
  const since = held.every(mayKnow) ? dueSince(held, now) : undefined;
  return since === undefined ? undefined : { subject, since, dossiers: codes };
}

function retentionsOn(reference: ReferenceData, now: string): Retention[] {
  const codes = new Set(reference.all().procedures.map(({ code }) => code));
  return [...codes].flatMap((procedure) => {
    const months = reference.procedure(procedure, now.slice(0, 10))?.retentionMonths;
    return months === undefined ? [] : [{ procedure, months }];
  });
}
