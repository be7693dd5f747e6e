import { createCipheriv, createDecipheriv } from 'node:crypto';

/** Bytes of a key, of any kind. */
export const KEY_BYTES = 32;
export const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';

/**
 * AES-256-GCM: nonce, ciphertext and tag in one.
 * @param nonce 12 random bytes, for this box alone
 * @param about what the box belongs to; it opens for nothing else
 */
export function box(key: Buffer, nonce: Buffer, about: string, clear: Buffer): Buffer {
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(about));
  return Buffer.concat([nonce, cipher.update(clear), cipher.final(), cipher.getAuthTag()]);
}

/** @returns undefined if it was changed, or made with another key or for something else */
export function unbox(key: Buffer, about: string, boxed: Buffer): Buffer | undefined {
  if (boxed.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const decipher = createDecipheriv(CIPHER, key, boxed.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(about));
  decipher.setAuthTag(boxed.subarray(-TAG_BYTES));
  // All of it: this cipher holds nothing back for the end. No second copy, so that who zeroes it leaves none behind.
  const clear = decipher.update(boxed.subarray(NONCE_BYTES, -TAG_BYTES));
  try {
    decipher.final();
    return clear;
  } catch {
    clear.fill(0);
    return undefined;
  }
}
