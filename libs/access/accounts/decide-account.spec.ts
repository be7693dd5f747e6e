import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Problem } from '#libs/problem/problem.js';
import { type Account, evolveAccount, isValid, lentTo, lives } from './account.js';
import type { AccountFact, OwnGrant } from './account.events.js';
import { type AccountCommand, decideAccount } from './decide-account.js';
import { covers, within } from './grants.js';

const NOW = '2024-03-11T02:00:00.000Z';
const LATER = '2024-04-01T00:00:00.000Z';
const CLERK: OwnGrant = { role: 'clerk', units: ['A', 'B'] };
const ADMIN: OwnGrant = { role: 'administrator', units: 'all' };

const opened = (account: string, grants: readonly OwnGrant[], more: object = {}): AccountFact => ({
  type: 'AccountOpened',
  data: { account, kind: 'person', grants, ...more },
});
const after = (...facts: readonly AccountFact[]): Account =>
  facts.reduce<Account | undefined>((before, fact) => evolveAccount(before, fact, NOW), undefined)!;
const all = (...accounts: readonly Account[]) => new Map(accounts.map((account) => [account.id, account]));

const clerk = after(opened('clerk-1', [CLERK]));
const other = after(opened('clerk-2', []));
const admin = after(opened('admin-1', [ADMIN]));
const deciding = { accounts: all(clerk, other, admin), now: NOW, newId: 'n1', tokenHash: 'hash' };
const decide = (command: AccountCommand, accounts = deciding.accounts) =>
  decideAccount(command, { ...deciding, accounts });
/** Type of the problem, and of a wrong field where. */
function refusal(command: AccountCommand, accounts = deciding.accounts): string {
  try {
    return `done: ${JSON.stringify(decide(command, accounts))}`;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return [error.type, ...error.fields.map(({ pointer, rule }) => `${pointer} ${rule}`)].join(' ');
  }
}

describe('opening an account', () => {
  const open = (account: string, grants: readonly OwnGrant[] = []): AccountCommand => ({
    do: 'open',
    account,
    kind: 'person',
    grants,
  });

  it('gives it its grants, each unit once', () => {
    expect(decide(open('new', [{ role: 'clerk', units: ['B', 'A', 'B'] }]))).toEqual(opened('new', [CLERK]));
  });

  it.each(['', 'Clerk-1', 'a b', '-a', 'nguyễn', 'a'.repeat(65), 'a/b', 'a@b'])(
    'refuses the id "%s"',
    (id) => {
      expect(refusal(open(id))).toBe('invalid-request /account accountId');
    },
  );

  it('refuses an id that was used before', () => {
    expect(refusal(open('clerk-1'))).toBe('account-exists');
  });

  it('refuses roles and units that are none', () => {
    expect(refusal(open('new', [{ role: 'king' as 'clerk', units: 'all' }]))).toContain(
      '/grants/0/role isIn',
    );
    for (const units of [[], [''], ['a b\n'], 'everything'])
      expect(refusal(open('new', [{ role: 'clerk', units: units as string[] }]))).toContain(
        '/grants/0/units units',
      );
  });
});

describe('the last administrator', () => {
  const close: AccountCommand = { do: 'close', account: 'admin-1' };
  const demote: AccountCommand = { do: 'change-grants', account: 'admin-1', grants: [CLERK] };

  it('is neither closed nor changed into something else', () => {
    expect(refusal(close)).toBe('last-administrator');
    expect(refusal(demote)).toBe('last-administrator');
  });

  it('is not the last while another one is open', () => {
    const accounts = all(admin, after(opened('admin-2', [ADMIN])));
    expect(decide(close, accounts)).toEqual({ type: 'AccountClosed', data: {} });
    expect(decide(demote, accounts)).toMatchObject({ type: 'GrantsChanged' });
  });

  it.each<[string, Account]>([
    ['closed', after(opened('admin-2', [ADMIN]), { type: 'AccountClosed', data: {} })],
    ['a program', after(opened('admin-2', [ADMIN], { kind: 'system' }))],
    ['of the demonstration', after(opened('admin-2', [ADMIN], { demo: true }))],
  ])('is not saved by one that is %s', (_what, second) => {
    expect(refusal(close, all(admin, second))).toBe('last-administrator');
  });
});

describe('a delegation', () => {
  const lend: AccountCommand = {
    do: 'delegate',
    account: 'clerk-1',
    to: 'clerk-2',
    role: 'clerk',
    units: ['A'],
    until: LATER,
  };
  const bent = (more: object): string => refusal({ ...lend, ...more });

  it('lends a role in some of the units of its own', () => {
    expect(decide(lend)).toEqual({
      type: 'DelegationGiven',
      data: { delegation: 'n1', to: 'clerk-2', role: 'clerk', units: ['A'], until: LATER },
    });
  });

  it('is refused for what the lender does not have himself', () => {
    expect(bent({ role: 'supervisor' })).toBe('grant-not-held');
    expect(bent({ units: ['A', 'C'] })).toBe('grant-not-held');
    expect(bent({ units: 'all' })).toBe('grant-not-held');
    // Nor what was lent to him.
    const lent = after(opened('clerk-1', [CLERK]), decide(lend)!);
    const onwards: AccountCommand = { ...lend, account: 'clerk-2', to: 'admin-1' };
    expect(refusal(onwards, all(lent, other, admin))).toBe('grant-not-held');
  });

  it('is refused to oneself, to nobody, to a program and to a closed account', () => {
    expect(bent({ to: 'clerk-1' })).toBe('invalid-request /to anotherAccount');
    expect(bent({ to: 'nobody' })).toBe('invalid-request /to unknown');
    const program = after(opened('clerk-2', [], { kind: 'system' }));
    const closed = after(opened('clerk-2', []), { type: 'AccountClosed', data: {} });
    for (const to of [program, closed])
      expect(refusal(lend, all(clerk, to))).toBe('invalid-request /to unknown');
  });

  it('ends, within a year', () => {
    expect(bent({ until: NOW })).toBe('invalid-request /until notPast');
    expect(bent({ until: '2025-03-12T02:00:00.001Z' })).toBe('invalid-request /until tooFar');
    expect(bent({ until: '2025-03-12T02:00:00.000Z' })).toMatch(/^done/);
  });

  const given = decide(lend)!;
  it('counts until its end, and only as long as the lender has it himself', () => {
    const lender = after(opened('clerk-1', [CLERK]), given);
    const grant = { role: 'clerk', units: ['A'], lentBy: 'clerk-1', until: LATER };
    expect(lentTo('clerk-2', [lender], NOW)).toEqual([grant]);
    expect(lentTo('clerk-3', [lender], NOW)).toEqual([]);
    expect(lentTo('clerk-2', [lender], LATER)).toEqual([]);
    const changed = (grants: readonly OwnGrant[]): Account =>
      evolveAccount(lender, { type: 'GrantsChanged', data: { grants } }, NOW)!;
    expect(lentTo('clerk-2', [changed([{ role: 'clerk', units: ['B'] }])], NOW)).toEqual([]);
    expect(lentTo('clerk-2', [changed([{ role: 'clerk', units: 'all' }])], NOW)).toEqual([grant]);
    const closed = evolveAccount(lender, { type: 'AccountClosed', data: {} }, NOW)!;
    expect(lentTo('clerk-2', [closed], NOW)).toEqual([]);
    const reopened = evolveAccount(closed, { type: 'AccountReopened', data: {} }, NOW)!;
    expect(lentTo('clerk-2', [reopened], NOW)).toEqual([]);
  });

  it('can be ended before, once', () => {
    const end: AccountCommand = { do: 'end-delegation', account: 'clerk-1', delegation: 'n1' };
    const lender = after(opened('clerk-1', [CLERK]), given);
    const ended = evolveAccount(lender, decide(end, all(lender))!, NOW)!;
    expect(lives(ended.delegations[0]!, NOW)).toBe(false);
    expect(decide(end, all(ended))).toBeNull();
    expect(refusal(end)).toBe('delegation-unknown');
  });
});

describe('a token', () => {
  const issue: AccountCommand = { do: 'issue-token', account: 'clerk-1', expiresAt: LATER };
  const bent = (more: object): string => refusal({ ...issue, ...more });

  it('has what the account has, or less', () => {
    expect(decide(issue)).toEqual({
      type: 'TokenIssued',
      data: { token: 'n1', hash: 'hash', grants: [CLERK], expiresAt: LATER },
    });
    expect(bent({ grants: [{ role: 'clerk', units: ['A'] }], label: 'scanner-2' })).toMatch(/^done/);
    expect(bent({ grants: [{ role: 'clerk', units: 'all' }] })).toBe('grant-not-held');
    expect(bent({ grants: [ADMIN] })).toBe('grant-not-held');
  });

  it('ends within a year, and has a code for a label', () => {
    expect(bent({ expiresAt: NOW })).toBe('invalid-request /expiresAt notPast');
    expect(bent({ expiresAt: '2025-03-12T02:00:00.001Z' })).toBe('invalid-request /expiresAt tooFar');
    for (const label of ['', 'Nguyễn Văn A', 'a b', '-a', 'a'.repeat(41)])
      expect(bent({ label })).toBe('invalid-request /label tokenLabel');
  });

  it('is valid until it ends or is revoked, or its account is closed', () => {
    const issued = after(opened('clerk-1', [CLERK]), decide(issue)!);
    expect(isValid(issued.tokens[0]!, NOW)).toBe(true);
    expect(isValid(issued.tokens[0]!, LATER)).toBe(false);
    const revoke: AccountCommand = { do: 'revoke-token', account: 'clerk-1', token: 'n1' };
    const revoked = evolveAccount(issued, decide(revoke, all(issued))!, NOW)!;
    expect(isValid(revoked.tokens[0]!, NOW)).toBe(false);
    expect(decide(revoke, all(revoked))).toBeNull();
    expect(refusal(revoke)).toBe('token-unknown');
    const reopened = (['AccountClosed', 'AccountReopened'] as const).reduce(
      (before, type) => evolveAccount(before, { type, data: {} }, NOW)!,
      issued,
    );
    expect(isValid(reopened.tokens[0]!, NOW)).toBe(false);
  });
});

describe('a closed account', () => {
  const closed = all(after(opened('clerk-1', [CLERK]), { type: 'AccountClosed', data: {} }), other, admin);

  it('can only be opened again', () => {
    for (const command of [
      { do: 'issue-token', account: 'clerk-1', expiresAt: LATER },
      { do: 'change-grants', account: 'clerk-1', grants: [] },
    ] as const)
      expect(refusal(command, closed)).toBe('account-closed');
    expect(decide({ do: 'close', account: 'clerk-1' }, closed)).toBeNull();
    expect(decide({ do: 'reopen', account: 'clerk-1' }, closed)).toEqual({
      type: 'AccountReopened',
      data: {},
    });
  });
});

describe('laws of grants', () => {
  const units = fc.oneof(fc.constant('all' as const), fc.subarray(['A', 'B', 'C'], { minLength: 1 }));
  const role = fc.constantFrom('clerk' as const, 'official' as const);
  const grants = fc.array(fc.record({ role, units }), { maxLength: 3 });

  it('what is within is covered by both, and what is covered is within unchanged', () => {
    fc.assert(
      fc.property(grants, grants, (wanted, having) => {
        for (const grant of within(wanted, having)) {
          expect(covers(having, grant)).toBe(true);
          expect(covers(wanted, grant)).toBe(true);
        }
        if (wanted.every((grant) => covers(having, grant)))
          for (const grant of wanted) expect(covers(within(wanted, having), grant)).toBe(true);
      }),
    );
  });
});
