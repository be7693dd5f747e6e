import type { Platform } from '#apps/platform/open-platform.js';
import type { AccountStore } from '#libs/access/accounts/account-store.js';
import { DEMO_PASSWORD } from '#libs/access/demo-gate.js';
import { hashPassword } from '#libs/access/passwords/argon2.adapter.js';
import { Credentials } from '#libs/access/passwords/credentials.adapter.js';
import { ROLES } from '#libs/access/principal.js';
import { SYNTHETIC } from './half-year.js';

/** One account for each role, by its name, with a password that everyone knows. Run twice, it adds nothing. */
export async function openDemoAccounts(
  accounts: AccountStore,
  { pool, clock }: Pick<Platform, 'pool' | 'clock'>,
): Promise<void> {
  const credentials = new Credentials(pool, clock);
  const missing = ROLES.filter((role) => !accounts.all.has(role));
  for (const role of missing) {
    await accounts.carryOut(
      { do: 'open', account: role, kind: 'person', demo: true, grants: [{ role, units: 'all' }] },
      { actor: 'demo', correlationId: SYNTHETIC, key: `open ${role}` },
    );
  }
  let hash: string | undefined;
  for (const { id } of [...accounts.all.values()].filter(({ demo }) => demo)) {
    if ((await credentials.passwordOf(id)) !== undefined) continue;
    hash ??= await hashPassword(DEMO_PASSWORD);
    await credentials.give(id, hash);
  }
}
