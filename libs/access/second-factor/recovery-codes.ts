export const RECOVERY_CODES = 10;
/** Bytes for one code. */
export const RECOVERY_BYTES = 10;
/** Crockford's digits: none that looks like another. */
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';

/** Ten signs of 5 bits, in two groups. */
export function recoveryCode(random: Uint8Array): string {
  const signs = Array.from(random.subarray(0, RECOVERY_BYTES), (byte) => DIGITS.charAt(byte % 32)).join('');
  return `${signs.slice(0, 5)}-${signs.slice(5)}`;
}

/** As it was made, however it is typed; undefined for what is no recovery code at all. */
export function bareRecoveryCode(typed: string): string | undefined {
  const bare = typed.toLowerCase().replace(/[\s-]/g, '').replace(/o/g, '0').replace(/[il]/g, '1');
  return /^[0-9a-hjkmnp-tv-z]{10}$/.test(bare) ? bare : undefined;
}
