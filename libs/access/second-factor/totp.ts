import { Secret, TOTP } from 'otpauth';

/** RFC 6238 as every authenticator app knows it. */
const FORM = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
/** Steps that a clock may be off, to either side. */
const WINDOW = 1;
const CODE = /^\d{6}$/;

/** Bytes of a secret: as long as the hash, as RFC 4226 recommends. */
export const SECRET_BYTES = 20;

/** @returns the number of the 30 s step that the code is of; undefined if it is of none near `now` */
export function stepOf(secret: Uint8Array, code: string, now: number): number | undefined {
  const token = code.replace(/\s/g, '');
  if (!CODE.test(token)) return undefined;
  const delta = totpOf(secret).validate({ token, timestamp: now, window: WINDOW });
  return delta === null ? undefined : TOTP.counter({ period: FORM.period, timestamp: now }) + delta;
}

/** What an authenticator app takes, typed or as a QR code. */
export function enrolmentOf(
  secret: Uint8Array,
  account: string,
  issuer: string,
): { secret: string; uri: string } {
  const totp = totpOf(secret, { issuer, label: account });
  return { secret: totp.secret.base32, uri: totp.toString() };
}

function totpOf(secret: Uint8Array, names: { issuer?: string; label?: string } = {}): TOTP {
  return new TOTP({ ...FORM, ...names, secret: new Secret({ buffer: new Uint8Array(secret).buffer }) });
}
