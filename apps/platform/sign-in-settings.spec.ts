import { describe, expect, it } from '@jest/globals';
import { oneLine } from '#libs/problem/describe.js';
import { Problem } from '#libs/problem/problem.js';
import { readSignInSettings } from './sign-in-settings.js';

const OIDC = {
  MOTCUA_OIDC_ISSUER: 'https://id.office.vn/realms/office',
  MOTCUA_OIDC_CLIENT_ID: 'motcua',
  MOTCUA_OIDC_MAPPING: '/etc/motcua/roles.json',
};

function refusal(env: Record<string, string>): string {
  try {
    readSignInSettings(env);
  } catch (error) {
    if (error instanceof Problem) return `${error.type}: ${oneLine(error)}`;
    throw error;
  }
  return 'taken';
}

describe('settings of signing in', () => {
  it('have defaults for an office on one machine', () => {
    expect(readSignInSettings({})).toEqual({
      trustedProxies: [],
      requestRates: { account: 6_000, address: 30_000 },
      secondFactorRoles: ['administrator', 'supervisor', 'auditor'],
      oidc: undefined,
    });
  });

  it('are read', () => {
    const settings = readSignInSettings({
      ...OIDC,
      MOTCUA_OIDC_CLIENT_SECRET_FILE: '/run/secrets/oidc',
      MOTCUA_OIDC_SCOPES: 'openid, profile groups',
      MOTCUA_TRUSTED_PROXIES: '10.0.0.1, 10.1.0.0/16,fd00::/8,::1',
      MOTCUA_LIMIT_ACCOUNT: '0',
      MOTCUA_LIMIT_ADDRESS: '600',
      MOTCUA_SECOND_FACTOR_ROLES: 'none',
    });
    expect(settings).toEqual({
      trustedProxies: ['10.0.0.1', '10.1.0.0/16', 'fd00::/8', '::1'],
      requestRates: { account: 0, address: 600 },
      secondFactorRoles: [],
      oidc: {
        issuer: 'https://id.office.vn/realms/office',
        clientId: 'motcua',
        clientSecret: undefined,
        clientSecretFile: '/run/secrets/oidc',
        scope: 'openid profile groups',
        mappingFile: '/etc/motcua/roles.json',
      },
    });
  });

  it.each([
    [{ MOTCUA_TRUSTED_PROXIES: 'proxy.office.vn' }, 'trusted-proxy-wrong'],
    [{ MOTCUA_TRUSTED_PROXIES: '10.0.0.0/33' }, 'trusted-proxy-wrong'],
    [{ MOTCUA_TRUSTED_PROXIES: '10.0' }, 'trusted-proxy-wrong'],
    [{ MOTCUA_TRUSTED_PROXIES: '*' }, 'trusted-proxy-wrong'],
    [{ MOTCUA_LIMIT_ACCOUNT: '-1' }, 'MOTCUA_LIMIT_ACCOUNT'],
    [{ MOTCUA_LIMIT_ADDRESS: 'many' }, 'MOTCUA_LIMIT_ADDRESS'],
    [{ MOTCUA_SECOND_FACTOR_ROLES: 'boss' }, 'administrator'],
    [{ ...OIDC, MOTCUA_OIDC_ISSUER: 'id.office.vn' }, 'MOTCUA_OIDC_ISSUER'],
    [{ ...OIDC, MOTCUA_OIDC_CLIENT_ID: '' }, 'MOTCUA_OIDC_CLIENT_ID'],
    [{ ...OIDC, MOTCUA_OIDC_MAPPING: '' }, 'MOTCUA_OIDC_MAPPING'],
    [{ ...OIDC, MOTCUA_OIDC_SCOPES: 'profile' }, 'openid'],
  ])('are not %j', (env, told) => {
    expect(refusal(env as unknown as Record<string, string>)).toContain(told);
  });
});
