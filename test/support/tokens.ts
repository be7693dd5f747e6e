import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { openAccounts } from '#apps/platform/open-accounts.js';
import { openLog } from '#apps/platform/open-log.js';
import { readSettings } from '#apps/platform/settings.js';
import type { AccountStore } from '#libs/access/accounts/account-store.js';
import type { OwnGrant } from '#libs/access/accounts/account.events.js';
import { tokenHash, tokenOf } from '#libs/access/accounts/token.js';
import { allRoles } from '#libs/access/testing/principals.js';
import { isoNow, systemClock } from '#libs/event-log/clock.js';
import { openDatabase } from '#libs/read-db/database.adapter.js';

const A_YEAR_MS = 365 * 86_400_000;
const AGAIN_MS = 10;

/** The token of a test's account: it follows from the id, so that whoever knows the one knows the other. */
export const secretOf = (id: string): string =>
  tokenOf(createHash('sha256').update(`a test's ${id}`).digest());

/** Headers of a request of this account. */
export const bearer = (id: string): { authorization: string } => ({
  authorization: `Bearer ${secretOf(id)}`,
});

/** What an account may do unless a test is about that: everything. */
const EVERYTHING: readonly OwnGrant[] = allRoles().grants;

export interface Issued {
  readonly grants?: readonly OwnGrant[];
  /** Default: in a year. */
  readonly expiresAt?: string;
}

/** Opens the account and issues its token, unless both are there. */
export async function issueToken(
  accounts: AccountStore,
  id: string,
  { grants = EVERYTHING, ...given }: Issued = {},
  clock = systemClock,
): Promise<void> {
  await accounts.refresh();
  if (accounts.principalByToken(secretOf(id))) return;
  const by = (key: string) => ({ actor: 'tester', correlationId: 'setup', key: `${key} ${id}` });
  await accounts.carryOut({ account: id, do: 'open', kind: 'system', grants }, by('open'));
  const expiresAt = given.expiresAt ?? isoNow({ now: () => clock.now() + A_YEAR_MS });
  const token = tokenHash(secretOf(id)) ?? '';
  await accounts.carryOut(
    { account: id, do: 'issue-token', expiresAt },
    { ...by(`token until ${expiresAt}`), tokenHash: token },
  );
}

/** Gives accounts to a service that runs as a process of its own with these settings, and waits until it knows them. */
export async function issueTokensTo(
  url: string,
  env: NodeJS.ProcessEnv,
  ids: readonly string[],
): Promise<void> {
  await issueTokensIn(env, ids);
  for (const id of ids) {
    while ((await fetch(`${url}/api/calendars`, { headers: bearer(id) })).status === 401)
      await sleep(AGAIN_MS);
  }
}

async function issueTokensIn(env: NodeJS.ProcessEnv, ids: readonly string[]): Promise<void> {
  const { dataFolder, databaseUrl, eventStoreUrl } = readSettings(env);
  const database = await openDatabase({ dataFolder, databaseUrl });
  try {
    const silent = { notice: () => undefined, onRetry: () => undefined };
    const log = await openLog(database.pool, systemClock, { eventStoreUrl, ...silent });
    try {
      const accounts = await openAccounts({ log, pool: database.pool, clock: systemClock });
      for (const id of ids) await issueToken(accounts, id);
    } finally {
      await log.close();
    }
  } finally {
    await database.close();
  }
}
