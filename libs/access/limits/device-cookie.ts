import { timingSafeEqual } from 'node:crypto';

/** How long a device is known after a sign-in on it. */
export const DEVICE_DAYS = 180;
const DAY_MS = 86_400_000;
const FORM = /^([0-9a-z]{1,10})\.([\w-]{8,40})\.([\w-]{43})$/;

/** A keyed hash of 32 bytes under a secret that all instances share. */
export type Sign = (text: string) => Buffer;

/**
 * Proof that an account signed in on this device before ("device cookies" of OWASP). It admits nobody: it only keeps
 * the failures of others from counting here. One cookie for each account, so that a desk can be shared.
 */
export function issueDevice(account: string, id: string, now: number, sign: Sign): string {
  const at = now.toString(36);
  return `${at}.${id}.${macOf(account, at, id, sign)}`;
}

/** @returns the id of the device, or undefined unless the proof is ours, of this account and not over */
export function knownDevice(
  value: string | undefined,
  account: string,
  now: number,
  sign: Sign,
): string | undefined {
  const [, at = '', id = '', mac = ''] = FORM.exec(value ?? '') ?? [];
  if (id === '') return undefined;
  const right = timingSafeEqual(Buffer.from(mac), Buffer.from(macOf(account, at, id, sign)));
  const age = now - Number.parseInt(at, 36);
  return right && age >= 0 && age < DEVICE_DAYS * DAY_MS ? id : undefined;
}

const macOf = (account: string, at: string, id: string, sign: Sign): string =>
  sign(`device\n${account}\n${at}\n${id}`).toString('base64url');

/** Its name tells no account. */
export const deviceCookieName = (account: string, sign: Sign): string =>
  `motcua_device_${sign(`device-name\n${account.toLowerCase()}`).toString('hex').slice(0, 12)}`;
