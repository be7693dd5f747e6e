import type { JsonObject } from '#libs/event-log/json.js';
import { box, unbox } from './box.js';
import { type ClearPart, DAMAGED, type SealedPart } from './sealed.js';

/** The key and the nonce are given: where they come from is another matter. */
export function sealPart(
  { part, fields }: Omit<ClearPart, 'person'>,
  { subject, key, nonce }: { subject: string; key: Buffer; nonce: Buffer },
): SealedPart {
  const clear = Buffer.from(JSON.stringify(fields));
  const boxed = box(key, nonce, aboutPart({ subject, part }), clear).toString('base64url');
  clear.fill(0);
  return { subject, part, box: boxed };
}

export function openPart(sealed: SealedPart, key: Buffer): JsonObject | typeof DAMAGED {
  const clear = unbox(key, aboutPart(sealed), Buffer.from(sealed.box, 'base64url'));
  if (!clear) return DAMAGED;
  const fields = JSON.parse(clear.toString()) as JsonObject;
  clear.fill(0);
  return fields;
}

const aboutPart = ({ subject, part }: Pick<SealedPart, 'subject' | 'part'>): string => `${subject}/${part}`;
