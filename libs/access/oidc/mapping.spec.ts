import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Problem } from '#libs/problem/problem.js';
import { oneLine } from '#libs/problem/describe.js';
import { checkMapping, isComplete, type OidcMapping, whoIs } from './mapping.js';

const MAPPING: OidcMapping = {
  account: 'preferred_username',
  roles: {
    claim: 'groups',
    map: {
      'motcua-clerk': [{ role: 'clerk', units: ['H54.12'] }],
      'motcua-auditor': [{ role: 'auditor', units: 'all' }],
      '/office/official': [
        { role: 'official', units: ['QLDT', 'TNMT'] },
        { role: 'clerk', units: ['H54.12'] },
      ],
    },
  },
};

function problemOf(work: () => unknown): Problem {
  try {
    work();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('who somebody is by the claims of a provider', () => {
  it('has the roles of each of his groups, and none of groups that are not mapped', () => {
    const claims = {
      preferred_username: 'nguyen.an',
      groups: ['staff', 'motcua-auditor', '/office/official'],
    };
    expect(whoIs(claims, MAPPING)).toEqual({
      account: 'oidc.nguyen.an',
      grants: [
        { role: 'auditor', units: 'all' },
        { role: 'official', units: ['QLDT', 'TNMT'] },
        { role: 'clerk', units: ['H54.12'] },
      ],
    });
  });

  it('may have one group as a text of its own', () => {
    expect(whoIs({ preferred_username: 'an', groups: 'motcua-clerk' }, MAPPING).grants).toHaveLength(1);
  });

  it('is found where claims lie within claims, or have dots in their names', () => {
    const within = { ...MAPPING, roles: { ...MAPPING.roles, claim: 'realm_access.roles' } };
    const claims = { preferred_username: 'an', realm_access: { roles: ['motcua-clerk'] } };
    expect(whoIs(claims, within).grants).toHaveLength(1);
    const dotted = { ...MAPPING, roles: { ...MAPPING.roles, claim: 'https://office.vn/roles' } };
    const flat = { preferred_username: 'an', 'https://office.vn/roles': ['motcua-clerk'] };
    expect(whoIs(flat, dotted).grants).toHaveLength(1);
    expect([isComplete(claims, within), isComplete(claims, MAPPING)]).toEqual([true, false]);
  });

  it.each([
    ['an.nguyen@office.vn', 'oidc.an.nguyen-office.vn'],
    ['AN.Nguyen', 'oidc.an.nguyen'],
    ['oidc.an', 'oidc.oidc.an'],
    ['a/b:c', 'oidc.a-b-c'],
  ])('is called by what %s becomes', (name, account) => {
    expect(whoIs({ preferred_username: name, groups: 'motcua-clerk' }, MAPPING).account).toBe(account);
  });

  it.each([undefined, '', ' ', 7, ['an'], null, 'Đức', 'a'.repeat(60)])('is nobody by %j', (name) => {
    const problem = problemOf(() => whoIs({ preferred_username: name, groups: 'motcua-clerk' }, MAPPING));
    expect([problem.type, problem.details]).toEqual([
      'oidc-account-unusable',
      { claim: 'preferred_username' },
    ]);
  });

  it.each([undefined, [], ['staff'], 'staff', [7], {}, ['__proto__'], ['constructor'], 'toString'])(
    'has no role by %j',
    (groups) => {
      const problem = problemOf(() => whoIs({ preferred_username: 'an', groups }, MAPPING));
      expect([problem.type, problem.details]).toEqual(['oidc-no-role', { claim: 'groups' }]);
    },
  );

  it('never gets an account that no provider stands for, nor an id that is none', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 100 }), (name) => {
        try {
          const { account } = whoIs({ preferred_username: name, groups: 'motcua-clerk' }, MAPPING);
          expect(account).toMatch(/^oidc\.[a-z0-9][a-z0-9._-]{0,58}$/);
        } catch (error) {
          expect(error).toMatchObject({ type: 'oidc-account-unusable' });
        }
      }),
    );
  });
});

describe('a mapping', () => {
  it('is taken as it is where nothing is wrong', () => {
    expect(checkMapping(MAPPING, 'mapping.json')).toBe(MAPPING);
  });

  it('is refused with all that is wrong with it, each with its place', () => {
    const wrong = {
      account: '',
      role: {},
      roles: {
        claim: 7,
        map: {
          a: [{ role: 'boss', units: ['H54.12'] }],
          b: [],
          c: [{ role: 'clerk', units: [], unit: 'x' }],
        },
      },
    };
    const problem = problemOf(() => checkMapping(wrong, 'mapping.json'));
    expect(problem.fields.map(({ pointer }) => pointer)).toEqual([
      ...['/role', '/account', '/roles/claim', '/roles/map/a/0/role', '/roles/map/b'],
      ...['/roles/map/c/0/unit', '/roles/map/c/0/units'],
    ]);
    expect(oneLine(problem)).toContain('mapping.json');
    expect(oneLine(problem)).toContain('/roles/map/a/0/role must be one of: clerk, official');
  });

  it.each([
    null,
    [],
    'x',
    7,
    {},
    { account: 'sub' },
    { account: 'sub', roles: { claim: 'groups', map: {} } },
  ])('is not %j', (given) => {
    expect(problemOf(() => checkMapping(given, 'mapping.json')).type).toBe('oidc-mapping-wrong');
  });
});
