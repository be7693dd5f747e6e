import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { Command } from 'commander';
import { openAccounts } from '#apps/platform/open-accounts.js';
import type { AccountContext, AccountStore } from '#libs/access/accounts/account-store.js';
import type { OwnGrant } from '#libs/access/accounts/account.events.js';
import { handOutSetUp } from '#libs/access/accounts/hand-out-set-up.js';
import { issueToken } from '#libs/access/accounts/issue-token.adapter.js';
import { Credentials } from '#libs/access/passwords/credentials.adapter.js';
import type { Role } from '#libs/access/principal.js';
import { Sessions } from '#libs/access/sessions/sessions.adapter.js';
import { toUtc } from '#libs/http/instant.js';
import { Problem } from '#libs/problem/problem.js';
import { PostgresPreferences } from '#libs/reminders/preferences/preferences.adapter.js';
import type { CliContext, OpenContext } from '../context.js';
import { toJson } from '../json.js';
import { accountLine } from './account-line.js';
import { print } from '#apps/platform/say.js';

interface Granted {
  readonly role: readonly Role[];
  readonly unit: readonly string[];
}

const HELP = `
Roles: clerk, official, supervisor, auditor, administrator. Each --role holds in all the units named by --unit,
or everywhere without any. The first administrator of an installation:
  motcua account open an.nguyen --role administrator
  motcua account set-up an.nguyen
prints a token with which that person sets a password (POST /api/password/set-up), once and within 72 hours.`;

/** `account`: accounts, as an administrator manages them; for the first one, and for when none can get in. */
export function accountCommand(open: OpenContext): Command {
  const with_ = (work: (on: OnAccounts) => Promise<string>) => async (): Promise<void> => {
    const context = await open();
    try {
      const accounts = await openAccounts(context);
      print(await work({ context, accounts, by: byOperator() }));
    } finally {
      await context.close();
    }
  };
  const command = new Command('account').description('Accounts and their rights.').addHelpText('after', HELP);
  granting(command.command('open <account>').description('Opens an account.'))
    .option('--system', 'of another program: it has tokens, no password')
    .action((account: string, { system, ...granted }: Granted & { system?: boolean }) =>
      with_(async ({ accounts, by }) => {
        const kind = system ? 'system' : 'person';
        await accounts.carryOut({ do: 'open', account, kind, grants: grantsOf(granted) }, by);
        return `Account ${account} is open.\n`;
      })(),
    );
  granting(
    command.command('grant <account>').description('Says what the account may do from now on; nothing else.'),
  ).action((account: string, granted: Granted) =>
    with_(async ({ accounts, by }) => {
      const changed = await accounts.carryOut(
        { do: 'change-grants', account, grants: grantsOf(granted) },
        by,
      );
      return accountLine(changed.account);
    })(),
  );
  command
    .command('close <account>')
    .description('Closes an account, with its sessions, tokens and delegations.')
    .action((account: string) =>
      with_(async ({ context: { pool, clock, keeper }, accounts, by }) => {
        await accounts.carryOut({ do: 'close', account }, by);
        await new Sessions(pool, clock).endAll(account);
        await new PostgresPreferences(pool, keeper).forget(account);
        return `Account ${account} is closed.\n`;
      })(),
    );
  command
    .command('list')
    .description('All accounts.')
    .option('--json', 'as JSON')
    .action(({ json }: { json?: boolean }) =>
      with_(async ({ accounts }) => {
        const all = [...accounts.all.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
        const plain = all.map(({ id, kind, demo, grants, openedAt, closedAt = null }) => ({
          ...{ account: id, kind, demo, grants, openedAt, closedAt },
        }));
        return json ? toJson(plain) : all.map(accountLine).join('');
      })(),
    );
  command
    .command('set-up <account>')
    .description('Prints a token by which its owner sets a password, once and within 72 hours.')
    .action((account: string) =>
      with_(async ({ context: { pool, clock }, accounts, by }) => {
        const { token = '' } = await handOutSetUp(accounts, new Credentials(pool, clock), account, by);
        return `${token}\n`;
      })(),
    );
  granting(command.command('token <account>').description('Prints an API token, once.'))
    .requiredOption('--expires <instant>', 'e.g. 2027-01-31T17:00:00+07:00, within 366 days')
    .option('--label <code>', 'what it is for')
    .action(
      (account: string, { expires, label, ...granted }: Granted & { expires: string; label?: string }) =>
        with_(async ({ accounts, by }) => {
          const expiresAt = toUtc(expires);
          if (expiresAt === undefined) throw invalid('--expires', 'instant');
          const narrowed = granted.role.length > 0 ? { grants: grantsOf(granted) } : {};
          if (granted.role.length === 0 && granted.unit.length > 0) throw invalid('--role', 'required');
          const named = label === undefined ? {} : { label };
          const command = { do: 'issue-token', account, expiresAt, ...named, ...narrowed } as const;
          const { secret = '' } = await issueToken(accounts, command, by);
          return `${secret}\n`;
        })(),
    );
  return command;
}

interface OnAccounts {
  readonly context: CliContext;
  readonly accounts: AccountStore;
  readonly by: AccountContext;
}

const several = (value: string, before: readonly string[]): string[] => [...before, value];

const granting = (command: Command): Command =>
  command
    .option('--role <role>', 'a role; may be repeated', several, [])
    .option('--unit <code>', 'a unit; may be repeated', several, []);

function grantsOf({ role, unit }: Granted): OwnGrant[] {
  if (role.length === 0 && unit.length > 0) throw invalid('--role', 'required');
  return role.map((each) => ({ role: each, units: unit.length > 0 ? unit : 'all' }));
}

const invalid = (pointer: string, rule: string): Problem =>
  new Problem('invalid-request', {}, [{ pointer, rule }]);

/** Whoever runs the command, by the name that the system knows: as an account id, and none that can be opened. */
function byOperator(): AccountContext {
  const name = userName()
    .toLowerCase()
    .replace(/[^a-z0-9._-]/g, '-')
    .slice(0, 60);
  const key = randomUUID();
  return { actor: `cli.${name}`, correlationId: key, key };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user of a container who is in no list.
    return String(process.getuid?.() ?? 'unknown');
  }
}
