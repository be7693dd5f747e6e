import { v5 as uuidV5 } from 'uuid';
import { idOf } from '#libs/event-log/event-log.js';
import type { Person } from './sealed.js';

const NAMESPACE = '6f2c0f0e-6d63-5b0a-9a55-6d6f74637561';

/** The subject of a stream about somebody who is not named in it. */
export function subjectOfStream(stream: string): string {
  return uuidV5(idOf(stream), NAMESPACE);
}

/**
 * The person with a number, if it is one.
 * @param otherwise subject of somebody without a number
 */
export function personOf(stated: string | undefined, otherwise: string): Person {
  const idNumber = stated === undefined ? undefined : numberOf(stated);
  return idNumber === undefined ? { otherwise } : { idNumber, otherwise };
}

/** Shorter than any number of a card, passport or enterprise. */
const FEWEST_DIGITS = 6;

/**
 * A number without blanks and signs, in capitals. Undefined for what cannot be one: `0`, `000000000` or `none` would
 * make strangers one person.
 */
function numberOf(text: string): string | undefined {
  const number = text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
  const digits = number.replace(/\P{Nd}/gu, '');
  return digits.length < FEWEST_DIGITS || /^(.)\1*$/u.test(digits) ? undefined : number;
}
