import type { SealedPersonal } from '#libs/event-log/event-log.js';
import type { Json, JsonObject } from '#libs/event-log/json.js';
import type { ClearPart, PartName, Person } from './sealed.js';
import type { Vault } from './vault.js';

/** Personal fields by the part they are sealed in: each party by itself, all else together. */
export function byPart({
  applicant,
  submitter,
  ...rest
}: JsonObject): { part: PartName; fields: JsonObject }[] {
  return [
    ...(isObject(applicant) ? [{ part: 'applicant' as const, fields: applicant }] : []),
    ...(isObject(submitter) ? [{ part: 'submitter' as const, fields: submitter }] : []),
    ...(Object.keys(rest).length > 0 ? [{ part: 'rest' as const, fields: rest }] : []),
  ];
}

/** The parts of an event's personal fields, each with its person; `rest` belongs to the applicant. */
export function clearParts(fields: JsonObject, who: { applicant: Person; submitter: Person }): ClearPart[] {
  return byPart(fields).map(({ part, fields: own }) => ({
    part,
    fields: own,
    person: part === 'submitter' ? who.submitter : who.applicant,
  }));
}

/** Something that is to hold sealed personal fields. */
export interface Unsealed<E> {
  readonly event: E;
  readonly parts: readonly ClearPart[];
}

/** Seals the parts of all of them in one call; of none where there are none. */
export async function sealAll<E extends object>(
  vault: Pick<Vault, 'seal'>,
  unsealed: readonly Unsealed<E>[],
): Promise<(E & { personal?: SealedPersonal })[]> {
  const parts = unsealed.flatMap((one) => one.parts);
  const sealed = parts.length > 0 ? await vault.seal(parts) : [];
  let next = 0;
  return unsealed.map(({ event, parts: { length } }) =>
    length > 0 ? { ...event, personal: { sealed: sealed.slice(next, (next += length)) } } : event,
  );
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
