import type { JsonObject } from '#libs/event-log/json.js';
import { Problem } from '#libs/problem/problem.js';
import { box, unbox } from './box.js';
import type { ClearPart, SealedPart } from './sealed.js';

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

/** @throws Problem `sealed-part-damaged` */
export function openPart(sealed: SealedPart, key: Buffer): JsonObject {
  const { subject, part } = sealed;
  const clear = unbox(key, aboutPart(sealed), Buffer.from(sealed.box, 'base64url'));
  if (!clear) throw new Problem('sealed-part-damaged', { subject, part });
  const fields = JSON.parse(clear.toString()) as JsonObject;
  clear.fill(0);
  return fields;
}

const aboutPart = ({ subject, part }: Pick<SealedPart, 'subject' | 'part'>): string => `${subject}/${part}`;
