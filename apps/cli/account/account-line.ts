import { type Account, isOpen } from '#libs/access/accounts/account.js';

/** One line for a person. */
export function accountLine(account: Account): string {
  const grants = account.grants.map(
    ({ role, units }) => `${role} (${units === 'all' ? 'all units' : units.join(', ')})`,
  );
  const marks = [
    ...(account.kind === 'system' ? ['program'] : []),
    ...(account.demo ? ['demonstration'] : []),
    ...(isOpen(account) ? [] : ['closed']),
  ];
  return `${[account.id, grants.join('; ') || 'no roles', ...marks].join('  ')}\n`;
}
