import { type Account, type Accounts, isOpen, lentTo } from '#libs/access/accounts/account.js';
import type { Grant, Role } from '#libs/access/principal.js';
import type { ReminderRecipient } from '#libs/reference/reminder-rules.js';

/** Where a dossier is, as far as it decides who is told. */
export interface Whereabouts {
  readonly desk: string;
  readonly unit: string;
  readonly official: string | null;
}

/**
 * Accounts that a reminder goes to now: persons who have the role in that unit, by their own right or by one that was
 * lent to them, as while somebody is on leave. Who has it for all units gets it only where no one has it for this one.
 * Where nobody has it, it goes to the supervisors of that unit, or else of all. In the order of their ids.
 */
export function recipientsOf(
  to: ReminderRecipient,
  where: Whereabouts,
  accounts: Accounts,
  now: string,
): string[] {
  const having = inRole(to, where, accounts, now);
  if (having.length > 0 || to === 'leadership') return having;
  return inRole(to === 'official' ? 'supervisor' : 'desk_supervisor', where, accounts, now);
}

function inRole(
  to: ReminderRecipient,
  { desk, unit, official }: Whereabouts,
  accounts: Accounts,
  now: string,
): string[] {
  const staff = [...accounts.values()].filter((account) => isOpen(account) && account.kind === 'person');
  const lenders = [...accounts.values()].filter(({ delegations }) => delegations.length > 0);
  const grantsOf = (account: Account): readonly Grant[] => [
    ...account.grants,
    ...lentTo(account.id, lenders, now),
  ];
  const having = (role: Role, inUnits: (units: Grant['units']) => boolean): string[] =>
    staff
      .filter((account) => grantsOf(account).some((grant) => grant.role === role && inUnits(grant.units)))
      .map(({ id }) => id)
      .sort();
  const everywhere = (units: Grant['units']): boolean => units === 'all';
  const inUnit = (role: Role, code: string): string[] => {
    const here = having(role, (units) => units !== 'all' && units.includes(code));
    return here.length > 0 ? here : having(role, everywhere);
  };
  switch (to) {
    case 'official': {
      const inCharge = staff.filter(
        (account) =>
          official !== null &&
          grantsOf(account).some(
            ({ role, lentBy }) => role === 'official' && (lentBy ?? account.id) === official,
          ),
      );
      return inCharge.length > 0 ? inCharge.map(({ id }) => id).sort() : inUnit('official', unit);
    }
    case 'clerk':
      return inUnit('clerk', desk);
    case 'supervisor':
      return inUnit('supervisor', unit);
    case 'desk_supervisor':
      return inUnit('supervisor', desk);
    case 'leadership':
      return having('supervisor', everywhere);
  }
}
