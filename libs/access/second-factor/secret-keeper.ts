import { box, NONCE_BYTES, unbox } from '#libs/personal-data/box.js';
import type { Vault } from '#libs/personal-data/vault.js';
import type { SecretKeeper } from './second-factors.adapter.js';

/**
 * Under keys made from the secret of the installation, which the master key wraps and no rotation changes. Who has the
 * database alone can neither read a secret nor guess a recovery code.
 */
export function secretKeeper(
  { digest }: Pick<Vault, 'digest'>,
  random: (bytes: typeof NONCE_BYTES) => Buffer,
): SecretKeeper {
  const keyOf = (account: string): Buffer => digest('second-factor', `key\n${account}`);
  return {
    seal: (account, clear) => box(keyOf(account), random(NONCE_BYTES), account, clear),
    open: (account, sealed) => unbox(keyOf(account), account, sealed),
    digest: (account, text) => digest('second-factor', `recovery\n${account}\n${text}`),
  };
}
