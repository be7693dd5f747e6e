import { sha256, canonicalJson } from '#libs/event-log/hash.js';
import { Problem } from '#libs/problem/problem.js';
import type { Grant } from '../principal.js';

type OwnGrant = Pick<Grant, 'role' | 'units'>;

/** Type → data of the events in the streams `provider-{account id}`: who a provider said might do what, and since when. */
export interface ProviderEventData {
  /** From now on this account is this person of the provider, and nobody else. */
  readonly ProviderAccountBound: {
    readonly account: string;
    /** SHA-256 of issuer and subject: the provider's own id of the person is not repeated. */
    readonly person: string;
  };
  /** What the claims granted at a sign-in; only where it is not what they granted before. */
  readonly ProviderGrantsChanged: { readonly grants: readonly OwnGrant[] };
}
export type ProviderEventType = keyof ProviderEventData;
export type ProviderFact = {
  [T in ProviderEventType]: { readonly type: T; readonly data: ProviderEventData[T] };
}[ProviderEventType];

export const PROVIDER_CATEGORY = 'provider';

/** Somebody as the provider vouches for him. */
export interface ProviderSignIn {
  readonly account: string;
  readonly issuer: string;
  readonly subject: string;
  readonly grants: readonly OwnGrant[];
}

/**
 * What a sign-in adds to the stream of its account.
 * @throws Problem `oidc-account-taken` where the account is somebody else: names at a provider change hands
 */
export function decideSignIn(
  history: readonly ProviderFact[],
  { account, issuer, subject, grants }: ProviderSignIn,
): ProviderFact[] {
  const person = sha256(canonicalJson([issuer, subject]));
  const bound = history.find((fact) => fact.type === 'ProviderAccountBound');
  if (bound && bound.data.person !== person) throw new Problem('oidc-account-taken', { account });
  const last = history.findLast((fact) => fact.type === 'ProviderGrantsChanged');
  const same = last !== undefined && JSON.stringify(last.data.grants) === JSON.stringify(grants);
  return [
    ...(bound ? [] : [{ type: 'ProviderAccountBound', data: { account, person } } as const]),
    ...(same ? [] : [{ type: 'ProviderGrantsChanged', data: { grants } } as const]),
  ];
}
