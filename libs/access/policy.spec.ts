import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Action, permit, permittedUnits, type Place, POLICY, type Reach } from './policy.js';
import { type Grant, type Role, ROLES } from './principal.js';

const NOW = '2024-03-11T02:00:00.000Z';
const LATER = '2024-03-12T00:00:00.000Z';
const ACTIONS = Object.keys(POLICY) as Action[];
const UNITS = ['H54.12', 'QLDT', 'XD'] as const;
const reachOf = (action: Action, role: Role): Reach | undefined =>
  (POLICY[action] as Partial<Record<Role, Reach>>)[role];

const holding = (...grants: Grant[]) => ({ grants });
const clerk: Grant = { role: 'clerk', units: ['H54.12'] };
const official: Grant = { role: 'official', units: ['QLDT'] };
const auditor: Grant = { role: 'auditor', units: [] };

describe('a step on a dossier', () => {
  it('may be taken where it was taken in, and where it is now', () => {
    expect(permit(holding(clerk), 'annotate', NOW, ['H54.12', 'QLDT']).allowed).toBe(true);
    expect(permit(holding(official), 'annotate', NOW, ['H54.12', 'QLDT']).allowed).toBe(true);
  });

  it('may be taken nowhere else, whatever the reason', () => {
    const verdict = { allowed: false, why: 'unit' };
    expect(permit(holding(clerk), 'annotate', NOW, ['XD', 'XD'])).toEqual(verdict);
    expect(permit(holding(clerk), 'annotate', NOW, ['XD', 'XD'], 'Lãnh đạo giao')).toEqual(verdict);
  });

  it('is of some roles only', () => {
    expect(permit(holding(official), 'return', NOW, ['QLDT'])).toEqual({ allowed: false, why: 'role' });
    expect(permit(holding(auditor), 'annotate', NOW)).toEqual({ allowed: false, why: 'role' });
  });
});

describe('reading a dossier', () => {
  it('needs a reason outside the units of one’s own', () => {
    expect(permit(holding(clerk), 'read-dossier', NOW, ['H54.12']).allowed).toBe(true);
    expect(permit(holding(clerk), 'read-dossier', NOW, ['XD'])).toEqual({ allowed: false, why: 'reason' });
    expect(permit(holding(clerk), 'read-dossier', NOW, ['XD'], 'Đối chiếu hồ sơ').allowed).toBe(true);
  });

  it('is not for administrators', () => {
    const everywhere: Grant = { role: 'administrator', units: 'all' };
    expect(permit(holding(everywhere), 'read-dossier', NOW, ['H54.12'], 'Tò mò').allowed).toBe(false);
  });
});

describe('a lent grant', () => {
  const lent: Grant = { ...clerk, lentBy: 'clerk-2', until: LATER };

  it('counts until its end, not at it', () => {
    expect(permit(holding(lent), 'annotate', NOW, ['H54.12'])).toEqual({ allowed: true, grant: lent });
    expect(permit(holding(lent), 'annotate', LATER, ['H54.12'])).toEqual({ allowed: false, why: 'role' });
  });

  it('is used only where his own do not suffice', () => {
    expect(permit(holding(lent, clerk), 'annotate', NOW, ['H54.12'])).toEqual({
      allowed: true,
      grant: clerk,
    });
    expect(permit(holding(lent, clerk), 'annotate', NOW)).toEqual({ allowed: true, grant: clerk });
    const elsewhere: Grant = { ...clerk, units: ['XD'] };
    expect(permit(holding(elsewhere, lent), 'annotate', NOW, ['H54.12'])).toEqual({
      allowed: true,
      grant: lent,
    });
  });
});

describe('the policy', () => {
  it('lets an auditor change nothing but what is his own', () => {
    const writing = ACTIONS.filter((action) => !/^(read|list)-/.test(action));
    expect(writing.filter((action) => reachOf(action, 'auditor') !== undefined)).toEqual(['manage-self']);
  });

  it('lets an administrator do nothing with dossiers', () => {
    expect(ACTIONS.filter((action) => reachOf(action, 'administrator') !== undefined)).toEqual([
      ...['read-updates', 'read-reference', 'publish-reference', 'read-accounts', 'manage-accounts'],
      ...['watch-queues', 'read-inbox', 'manage-self'],
    ]);
  });
});

describe('for all grants', () => {
  const unit = fc.constantFrom(...UNITS);
  const grant: fc.Arbitrary<Grant> = fc.record(
    {
      role: fc.constantFrom(...ROLES),
      units: fc.oneof(fc.constant('all' as const), fc.uniqueArray(unit)),
      lentBy: fc.constant('lender'),
      until: fc.constantFrom('2024-03-01T00:00:00.000Z', NOW, LATER),
    },
    { requiredKeys: ['role', 'units'] },
  );
  const grants = fc.array(grant, { maxLength: 4 });
  const action = fc.constantFrom(...ACTIONS);
  const place: fc.Arbitrary<Place> = fc.tuple(unit, unit);
  const reason = fc.option(fc.constant('Đối chiếu'), { nil: undefined });

  it('more of them never allow less', () => {
    fc.assert(
      fc.property(
        grants,
        grant,
        action,
        fc.option(place, { nil: undefined }),
        reason,
        (some, more, ...asked) => {
          const before = permit(holding(...some), asked[0], NOW, asked[1], asked[2]);
          const after = permit(holding(...some, more), asked[0], NOW, asked[1], asked[2]);
          expect(before.allowed && !after.allowed).toBe(false);
        },
      ),
    );
  });

  it('one that is over is as none', () => {
    const over = grant.map((each) => ({ ...each, until: NOW }));
    fc.assert(
      fc.property(grants, over, action, place, reason, (some, ended, ...asked) => {
        const without = permit(holding(...some), asked[0], NOW, asked[1], asked[2]);
        expect(permit(holding(ended, ...some), asked[0], NOW, asked[1], asked[2])).toEqual(without);
      }),
    );
  });

  it('time takes away, and gives nothing', () => {
    fc.assert(
      fc.property(grants, action, place, reason, (some, what, where, why) => {
        const now = permit(holding(...some), what, NOW, where, why);
        expect(!now.allowed && permit(holding(...some), what, LATER, where, why).allowed).toBe(false);
      }),
    );
  });

  it('‘all’ reaches wherever ‘asked’ does, and ‘asked’ wherever ‘own’ does', () => {
    const RANK: Record<Reach, number> = { own: 0, asked: 1, all: 2 };
    const both = fc.tuple(action, fc.constantFrom(...ROLES), action, fc.constantFrom(...ROLES));
    fc.assert(
      fc.property(both, grant, place, reason, ([a, roleOfA, b, roleOfB], given, where, why) => {
        const [near, far] = [reachOf(a, roleOfA), reachOf(b, roleOfB)];
        fc.pre(near !== undefined && far !== undefined && RANK[near] <= RANK[far]);
        const nearer = permit(holding({ ...given, role: roleOfA }), a, NOW, where, why);
        const further = permit(holding({ ...given, role: roleOfB }), b, NOW, where, why);
        expect(nearer.allowed && !further.allowed).toBe(false);
      }),
    );
  });

  it('lists show what may be done one by one, and no more', () => {
    fc.assert(
      fc.property(grants, action, place, reason, (some, what, where, why) => {
        const units = permittedUnits(holding(...some), what, NOW, why);
        const listed = units === 'all' || where.some((each) => units.includes(each));
        expect(listed).toBe(permit(holding(...some), what, NOW, where, why).allowed);
      }),
    );
  });

  it('the grant that is named is one of his, and in force', () => {
    fc.assert(
      fc.property(grants, action, place, reason, (some, what, where, why) => {
        const verdict = permit(holding(...some), what, NOW, where, why);
        fc.pre(verdict.allowed);
        expect(some).toContain(verdict.grant);
        expect(verdict.grant.until === undefined || verdict.grant.until > NOW).toBe(true);
      }),
    );
  });
});
