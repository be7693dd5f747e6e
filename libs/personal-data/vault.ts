import type { ClearPart, Opened, SealedPart } from './sealed.js';

/**
 * The keys of persons, and the only way to what is sealed under them. Nothing is kept in memory: once a key is gone,
 * no process can open anything under it.
 */
export interface Vault {
  /**
   * In the order given; whoever has no key yet gets one. The keys are at least as durable as any event that is
   * appended afterwards. What is sealed while its person is being erased is erased, too.
   */
  seal(parts: readonly ClearPart[]): Promise<SealedPart[]>;
  /** In the order given; `erased` where the key is gone, `damaged` where box or key were changed or do not fit. */
  open(parts: readonly SealedPart[]): Promise<Opened[]>;
  /** Forgets these persons for good. Twice is as once. A subject that was never there gets no key any more. */
  erase(subjects: readonly string[]): Promise<void>;
  /**
   * HMAC-SHA-256 under a secret of this installation, which no rotation changes: to compare or to look up what must
   * not be stored. `purpose` keeps the uses apart.
   */
  digest(purpose: DigestPurpose, text: string): Buffer;
}

/**
 * id-number: whose key it is. search: words of names. look-up: the applicant's secret. command: content of a command.
 * limit: whose attempts are counted. device: proof that an account signed in on it. second-factor: the key of an
 * account's secret, and its recovery codes. oidc: a sign-in under way.
 */
export type DigestPurpose =
  'id-number' | 'search' | 'look-up' | 'command' | 'limit' | 'device' | 'second-factor' | 'oidc';

export const VAULT = Symbol('Vault');
