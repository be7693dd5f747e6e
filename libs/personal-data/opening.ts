import type { Personal } from '#libs/event-log/event-log.js';
import type { JsonObject } from '#libs/event-log/json.js';
import { DAMAGED, ERASED, type Opened, type PartName, type SealedPart } from './sealed.js';
import { byPart } from './sealing.js';
import type { Vault } from './vault.js';

/** A part of an event's personal fields as the event holds it: sealed, or in clear as releases before wrote it. */
export type PersonalPart = SealedPart | PlainPart;

export interface PlainPart {
  readonly subject: string;
  readonly part: PartName;
  readonly fields: JsonObject;
}

/** What of an event's personal fields can still be read. */
export interface OpenedPersonal {
  readonly fields: JsonObject;
  /** Some of it, or all, is about a person who was erased. */
  readonly erased: boolean;
  /** Parts that cannot be read, though nobody erased them; left out where there are none. */
  readonly damaged?: readonly PartName[];
  /** Of the command that made the event; undefined where it was erased, or stands in the event's metadata. */
  readonly commandHash?: string;
  /** Of what the command said of the submitter, where that is apart. */
  readonly submitterHash?: string;
}

export function partsOf(personal: Personal | undefined): readonly PersonalPart[] {
  if (!personal) return [];
  if ('sealed' in personal) return personal.sealed;
  const { subject, fields } = personal;
  return byPart(fields).map((part) => ({ ...part, subject }));
}

/** In the order given, in one call. */
export async function openParts(
  vault: Pick<Vault, 'open'>,
  parts: readonly PersonalPart[],
): Promise<Opened[]> {
  const sealed = parts.filter((part) => 'box' in part);
  const opened = (sealed.length > 0 ? await vault.open(sealed) : []).values();
  return parts.map((part) => ('fields' in part ? part.fields : (opened.next().value ?? ERASED)));
}

/** The personal fields of events, in their order; undefined for an event without any. One call for all of them. */
export async function openPersonal(
  vault: Pick<Vault, 'open'>,
  events: readonly { readonly personal?: Personal }[],
): Promise<(OpenedPersonal | undefined)[]> {
  const parts = events.map(({ personal }) => partsOf(personal));
  const opened = (await openParts(vault, parts.flat())).values();
  return parts.map((own) =>
    own.length > 0 ? together(own.map((part) => [part, opened.next().value])) : undefined,
  );
}

function together(parts: readonly (readonly [PersonalPart, Opened | undefined])[]): OpenedPersonal {
  const fields: JsonObject = {};
  const hashes: { commandHash?: string; submitterHash?: string } = {};
  const damaged: PartName[] = [];
  let erased = false;
  for (const [{ part }, opened] of parts) {
    if (opened === undefined || opened === ERASED) {
      erased = true;
      continue;
    }
    if (opened === DAMAGED) {
      damaged.push(part);
      continue;
    }
    const { commandHash, ...shown } = opened;
    if (typeof commandHash === 'string')
      hashes[part === 'submitter' ? 'submitterHash' : 'commandHash'] = commandHash;
    if (part === 'rest') Object.assign(fields, shown);
    else fields[part] = shown;
  }
  return { fields, erased, ...(damaged.length > 0 ? { damaged } : {}), ...hashes };
}
