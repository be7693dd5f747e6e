import { describe, expect, it } from '@jest/globals';
import { decideSignIn, type ProviderFact, type ProviderSignIn } from './provider-account.js';

const AN: ProviderSignIn = {
  account: 'oidc.an',
  issuer: 'https://id.office.vn',
  subject: 'f4b1',
  grants: [{ role: 'clerk', units: ['H54.12'] }],
};
const signedIn = (...all: ProviderSignIn[]): ProviderFact[] =>
  all.reduce<ProviderFact[]>((history, each) => [...history, ...decideSignIn(history, each)], []);
const typesOf = (facts: readonly ProviderFact[]): string[] => facts.map(({ type }) => type);

describe('signing in by a provider', () => {
  it('binds the account to the person, and writes down what the claims grant', () => {
    const facts = signedIn(AN);
    expect(typesOf(facts)).toEqual(['ProviderAccountBound', 'ProviderGrantsChanged']);
    expect(JSON.stringify(facts)).not.toContain('f4b1');
  });

  it('adds nothing while nothing changes', () => {
    expect(decideSignIn(signedIn(AN), AN)).toEqual([]);
  });

  it('writes down each change of what the claims grant, also back to what was', () => {
    const less = { ...AN, grants: [{ role: 'auditor', units: 'all' } as const] };
    expect(typesOf(signedIn(AN, less, AN))).toEqual([
      'ProviderAccountBound',
      ...['ProviderGrantsChanged', 'ProviderGrantsChanged', 'ProviderGrantsChanged'],
    ]);
  });

  it.each([
    ['another person who got the name', { subject: 'a07c' }],
    ['the same id at another provider', { issuer: 'https://id.elsewhere.vn' }],
  ])('is refused to %s', (_who, other) => {
    expect(() => decideSignIn(signedIn(AN), { ...AN, ...other })).toThrow('oidc-account-taken');
  });
});
