import { createHmac, randomBytes } from 'node:crypto';
import { box, NONCE_BYTES, unbox } from './box.js';

/** Keeps small secrets of accounts from who reads the database: under a key made from the secret of the installation. */
export interface AccountKeeper {
  seal(account: string, clear: Buffer): Buffer;
  /** @returns undefined if it was changed, or is of another account */
  open(account: string, sealed: Buffer): Buffer | undefined;
  /** HMAC-SHA-256 under a secret that is not in the database. */
  digest(account: string, text: string): Buffer;
}

export function accountKeeper(secret: Buffer): AccountKeeper {
  const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
  const [sealing, digesting] = [
    hmac(secret, 'motcua account secrets'),
    hmac(secret, 'motcua account digests'),
  ];
  return {
    seal: (account, clear) => box(sealing, randomBytes(NONCE_BYTES), account, clear),
    open: (account, sealed) => unbox(sealing, account, sealed),
    digest: (account, text) => hmac(digesting, JSON.stringify([account, text])),
  };
}
