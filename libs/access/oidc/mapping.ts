import { type FieldProblem, Problem } from '#libs/problem/problem.js';
import { type Grant, type Role, ROLES } from '../principal.js';

type OwnGrant = Pick<Grant, 'role' | 'units'>;
export type Claims = Readonly<Record<string, unknown>>;

/** How claims become an account and its roles: the file that MOTCUA_OIDC_MAPPING names. */
export interface OidcMapping {
  /** Claim that the account id is made from. */
  readonly account: string;
  readonly roles: {
    /** Claim with one value or a list of them; `a.b` looks for b within a. */
    readonly claim: string;
    /** Value of the claim → what it grants. Values that are not here grant nothing. */
    readonly map: Readonly<Record<string, readonly OwnGrant[]>>;
  };
}

/**
 * Begins the id of every account that a provider stands for. No local account may begin so: nobody can become one
 * by what a provider calls him.
 */
export const PROVIDER_PREFIX = 'oidc.';

const LONGEST_ID = 64;
const UNIT = /^\S{1,100}$/;

/**
 * Checks a mapping. @param where for the problem
 * @throws Problem `oidc-mapping-wrong`, with a line for each fault
 */
export function checkMapping(given: unknown, where: string): OidcMapping {
  const faults: FieldProblem[] = [];
  const fail = (pointer: string, rule: string, details = {}): void =>
    void faults.push({ pointer, rule, details });
  const object = (value: unknown, pointer: string, known: readonly string[]): Claims => {
    if (!isObject(value)) {
      fail(pointer, 'object');
      return {};
    }
    for (const name of Object.keys(value)) {
      if (!known.includes(name)) fail(`${pointer}/${name}`, 'unknownField');
    }
    return value;
  };
  const claim = (value: unknown, pointer: string): void => {
    if (typeof value !== 'string' || value.trim() === '') fail(pointer, 'required');
  };
  const { account, roles } = object(given, '', ['account', 'roles']);
  claim(account, '/account');
  const { claim: from, map } = object(roles, '/roles', ['claim', 'map']);
  claim(from, '/roles/claim');
  if (!isObject(map) || Object.keys(map).length === 0) fail('/roles/map', 'required');
  for (const [value, grants] of Object.entries(isObject(map) ? map : {})) {
    const pointer = `/roles/map/${value}`;
    if (!Array.isArray(grants) || grants.length === 0) {
      fail(pointer, 'objects');
      continue;
    }
    for (const [n, grant] of (grants as unknown[]).entries()) {
      const { role, units } = object(grant, `${pointer}/${n}`, ['role', 'units']);
      if (!ROLES.includes(role as Role)) fail(`${pointer}/${n}/role`, 'isIn', { allowed: [...ROLES] });
      const areUnits =
        units === 'all' ||
        (Array.isArray(units) &&
          units.length > 0 &&
          units.every((unit) => typeof unit === 'string' && UNIT.test(unit)));
      if (!areUnits) fail(`${pointer}/${n}/units`, 'unitsOrAll');
    }
  }
  if (faults.length > 0) throw new Problem('oidc-mapping-wrong', { where }, faults);
  return given as OidcMapping;
}

/**
 * Who somebody is by what the provider says of him.
 * @throws Problem `oidc-account-unusable` without a usable account id; `oidc-no-role` without a value that is mapped
 */
export function whoIs(claims: Claims, mapping: OidcMapping): { account: string; grants: OwnGrant[] } {
  const named = valueOf(claims, mapping.account);
  const account = typeof named === 'string' ? accountIdOf(named) : undefined;
  if (account === undefined) throw new Problem('oidc-account-unusable', { claim: mapping.account });
  const { claim, map } = mapping.roles;
  const found = valueOf(claims, claim);
  const values = (Array.isArray(found) ? (found as unknown[]) : [found]).filter(
    (value) => typeof value === 'string',
  );
  const grants = [...new Set(values)].flatMap((value) =>
    Object.hasOwn(map, value) ? (map[value] ?? []) : [],
  );
  if (grants.length === 0) throw new Problem('oidc-no-role', { claim });
  return { account, grants: grants.map(({ role, units }) => ({ role, units })) };
}

/** Whether the claims hold all that the mapping looks at; what is missing may be at the userinfo endpoint. */
export const isComplete = (claims: Claims, { account, roles }: OidcMapping): boolean =>
  valueOf(claims, account) !== undefined && valueOf(claims, roles.claim) !== undefined;

/** Signs that an account id may not have become hyphens; whom it belongs to is decided by the provider's own id. */
function accountIdOf(named: string): string | undefined {
  const bare = named
    .normalize('NFC')
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9._-]/g, '-');
  return /^[a-z0-9]/.test(bare) && bare.length <= LONGEST_ID - PROVIDER_PREFIX.length
    ? PROVIDER_PREFIX + bare
    : undefined;
}

/** By its whole name, since names may have dots themselves; or else step by step. */
function valueOf(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  let value: unknown = claims;
  for (const step of name.split('.')) {
    if (!isObject(value) || !Object.hasOwn(value, step)) return undefined;
    value = value[step];
  }
  return value;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
