import { resolve } from 'node:path';
import { type Role, ROLES } from '#libs/access/principal.js';
import type { RequestRates } from '#libs/access/limits/request-limiter.js';
import { Problem } from '#libs/problem/problem.js';

/** Who may come in, how, and how often. */
export interface SignInSettings {
  /** Addresses whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  readonly requestRates: RequestRates;
  /** Who has one of these roles needs a second factor. */
  readonly secondFactorRoles: readonly Role[];
  /** A provider of OpenID Connect; undefined without one. */
  readonly oidc: OidcPlace | undefined;
}

export interface OidcPlace {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  readonly clientSecretFile: string | undefined;
  readonly scope: string;
  readonly mappingFile: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const ADDRESS = /^(?<address>[0-9a-f.:]+)(?:\/(?<bits>\d{1,3}))?$/i;

/** @throws Problem for a value that is wrong */
export function readSignInSettings(env: Environment): SignInSettings {
  return {
    trustedProxies: listOf(env.MOTCUA_TRUSTED_PROXIES).map(proxyOf),
    requestRates: {
      account: limitOf('MOTCUA_LIMIT_ACCOUNT', env.MOTCUA_LIMIT_ACCOUNT || '6000'),
      address: limitOf('MOTCUA_LIMIT_ADDRESS', env.MOTCUA_LIMIT_ADDRESS || '30000'),
    },
    secondFactorRoles: rolesOf(env.MOTCUA_SECOND_FACTOR_ROLES || 'administrator,supervisor,auditor'),
    oidc: env.MOTCUA_OIDC_ISSUER ? oidcOf(env, env.MOTCUA_OIDC_ISSUER) : undefined,
  };
}

function oidcOf(env: Environment, issuer: string): OidcPlace {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    throw oidcWrong(
      'MOTCUA_OIDC_ISSUER',
      'write the URL of the issuer, such as https://id.example.vn/realms/office',
    );
  }
  return {
    issuer,
    clientId: env.MOTCUA_OIDC_CLIENT_ID || fail('MOTCUA_OIDC_CLIENT_ID', 'it is missing'),
    clientSecret: env.MOTCUA_OIDC_CLIENT_SECRET || undefined,
    clientSecretFile: env.MOTCUA_OIDC_CLIENT_SECRET_FILE
      ? resolve(env.MOTCUA_OIDC_CLIENT_SECRET_FILE)
      : undefined,
    scope: scopeOf(env.MOTCUA_OIDC_SCOPES || 'openid profile'),
    mappingFile: resolve(env.MOTCUA_OIDC_MAPPING || fail('MOTCUA_OIDC_MAPPING', 'it is missing')),
  };
}

function scopeOf(given: string): string {
  const scopes = given.split(/[\s,]+/).filter(Boolean);
  return scopes.includes('openid') ? scopes.join(' ') : fail('MOTCUA_OIDC_SCOPES', 'openid is missing');
}

function proxyOf(given: string): string {
  const { address = '', bits } = ADDRESS.exec(given)?.groups ?? {};
  const isV6 = address.includes(':');
  const sound =
    URL.canParse(`http://${isV6 ? `[${address}]` : address}`) && (isV6 || /^(?:\d+\.){3}\d+$/.test(address));
  if (!sound || Number(bits ?? 0) > (isV6 ? 128 : 32)) throw new Problem('trusted-proxy-wrong', { given });
  return given;
}

function limitOf(setting: string, given: string): number {
  if (!/^\d{1,9}$/.test(given)) throw new Problem('request-limit-wrong', { setting, given });
  return Number(given);
}

function rolesOf(given: string): Role[] {
  if (given === 'none') return [];
  return listOf(given).map((name) => {
    const role = ROLES.find((known) => known === name);
    if (!role) throw new Problem('second-factor-roles-wrong', { given: name, known: ROLES.join(', ') });
    return role;
  });
}

const listOf = (given: string | undefined): string[] =>
  (given ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);

function fail(setting: string, reason: string): never {
  throw oidcWrong(setting, reason);
}

const oidcWrong = (setting: string, reason: string): Problem =>
  new Problem('oidc-setting-wrong', { setting, reason });
