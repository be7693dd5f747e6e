import { createApp } from '#apps/api/create-app.js';
import { openAccounts } from '#apps/platform/open-accounts.js';
import { openPlatform } from '#apps/platform/open-platform.js';
import { projectRoot } from '#apps/platform/project-root.js';
import { readSettings } from '#apps/platform/settings.js';
import { Projections } from '#apps/worker/projections.js';
import { allRoles } from '#libs/access/testing/principals.js';
import type { JsonObject } from '#libs/event-log/json.js';
import type { AccountStore } from '#libs/access/accounts/account-store.js';
import type { ClearPart, SealedPart } from '#libs/personal-data/sealed.js';
import type { Vault } from '#libs/personal-data/vault.js';
import { loadDirectory } from '#libs/reference/load-config.adapter.js';
import { publishAll } from '#libs/reference/publish-all.js';
import { ReferenceStore } from '#libs/reference/reference-store.js';
import { join } from 'node:path';
import { issueToken } from '../test/support/tokens.js';
import { ACCOUNT } from './support.js';

/**
 * The service on MOTCUA_DATA, as it is (`with`), or `without`: personal fields are written as they are, no key is made
 * or looked up, the caller's token is not looked at, and requests are not counted. Nobody keeps the read models: this is
 * about the way to the log.
 */
const settings = readSettings(process.env);
const opened = await openPlatform({ ...settings });
const bare = process.argv[2] === 'without';
const platform = bare ? { ...opened, vault: withoutKeys(opened.vault) } : opened;
const reference = new ReferenceStore(platform.log, platform.clock);
const by = { actor: 'bench', correlationId: 'bench', causationId: 'bench' };
await publishAll(reference, await loadDirectory(join(projectRoot, 'config/demo')), by);
const store = await openAccounts(platform);
await issueToken(store, ACCOUNT);
const projections = new Projections(platform);
const app = await createApp({
  ...{ platform, reference, projections },
  access: { accounts: bare ? everybodyIs(ACCOUNT, store) : store },
  requestRates: bare ? { account: 0, address: 0 } : { account: 10_000_000, address: 10_000_000 },
});
await app.listen(settings.port, '127.0.0.1');
process.stdout.write(`${await app.getUrl()}\n`);
process.once('SIGTERM', () => {
  void app
    .close()
    .then(() => platform.close())
    .then(() => process.exit(0));
});

function withoutKeys(vault: Vault): Vault {
  return {
    seal: (parts: readonly ClearPart[]): Promise<SealedPart[]> =>
      Promise.resolve(
        parts.map(({ person, part, fields }) => {
          const box = Buffer.from(JSON.stringify(fields)).toString('base64url');
          return { subject: person.otherwise, part, box };
        }),
      ),
    open: (parts) =>
      Promise.resolve(
        parts.map(({ box }) => JSON.parse(Buffer.from(box, 'base64url').toString()) as JsonObject),
      ),
    erase: (subjects) => vault.erase(subjects),
    digest: (purpose, text) => vault.digest(purpose, text),
  };
}

function everybodyIs(id: string, accounts: AccountStore): AccountStore {
  const principal = { id, by: 'token', grants: allRoles().grants };
  return Object.create(accounts, { principalByToken: { value: () => principal } }) as AccountStore;
}
