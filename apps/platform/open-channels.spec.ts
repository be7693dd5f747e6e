import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Channel } from '#libs/reminders/channel.js';
import { NO_PREFERENCE } from '#libs/reminders/preferences/preference.js';
import { messageOf } from '#libs/reminders/testing/messages.js';
import { openChannels } from './open-channels.js';
import { readSettings } from './settings.js';

type Ways = Readonly<Record<'email' | 'webhook', Channel>>;

let folder: string;
const told: string[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'channels-'));
});
afterAll(() => rm(folder, { recursive: true }));

const open = (env: Readonly<Record<string, string>>): Promise<Ways> =>
  openChannels(readSettings(env), {
    clock: { now: () => 0 },
    notice: (line) => told.push(line),
    preferences: {
      of: (ids) => Promise.resolve(new Map(ids.map((id) => [id, { ...NO_PREFERENCE, address: 'an@x.vn' }]))),
    },
  }).then(([email, webhook]) => ({ email, webhook }) as Ways);

async function hooksIn(text: string, mode = 0o600): Promise<Ways> {
  const file = join(folder, 'webhooks.json');
  await writeFile(file, text);
  await chmod(file, mode);
  return open({ MOTCUA_WEBHOOKS_FILE: file });
}
const raised = { accounts: ['official-1'], unit: 'H54.12', about: 'result' } as const;

describe('the ways out', () => {
  it('lead nowhere without settings', async () => {
    const { email, webhook } = await open({});
    const never = new AbortController().signal;
    expect([await email.addressees(raised), await webhook.addressees(raised)]).toEqual([[], []]);
    expect([await email.send(messageOf(), never), await webhook.send(messageOf(), never)]).toEqual([
      'gone',
      'gone',
    ]);
  });

  it('are mail to who has an address, and the hooks of the file', async () => {
    const { email } = await open({ MOTCUA_SMTP_URL: 'smtp://localhost', MOTCUA_MAIL_FROM: 'a@x.vn' });
    expect(await email.addressees(raised)).toEqual(['official-1']);
    const hook = {
      id: 'zalo',
      url: 'https://x.vn',
      secrets: [`whsec_${Buffer.alloc(24).toString('base64')}`],
    };
    const { webhook } = await hooksIn(JSON.stringify([hook]));
    expect(await webhook.addressees(raised)).toEqual(['zalo']);
  });

  it('are opened with a file that others may read, but not without a word', async () => {
    await hooksIn('[]', 0o600);
    expect(told).toEqual([]);
    await hooksIn('[]', 0o640);
    expect(told.splice(0)).toEqual([expect.stringMatching(/webhooks\.json holds secrets .+: chmod 600 it$/)]);
  });

  it('are not opened with a file that is not there, is not JSON, or has faults', async () => {
    const missing = join(folder, 'none');
    const details = { file: missing, reason: 'ENOENT' };
    await expect(open({ MOTCUA_WEBHOOKS_FILE: missing })).rejects.toMatchObject({
      type: 'webhooks-unreadable',
      details,
    });
    await expect(hooksIn('[{]')).rejects.toMatchObject({ details: { reason: 'not JSON' } });
    await expect(hooksIn('[{}]')).rejects.toMatchObject({ type: 'webhooks-wrong' });
    const mail = { MOTCUA_SMTP_URL: 'smtp://an@localhost', MOTCUA_MAIL_FROM: 'a@x.vn' };
    await expect(open({ ...mail, MOTCUA_SMTP_PASSWORD_FILE: missing })).rejects.toMatchObject({
      type: 'mail-setting-wrong',
      details: { setting: 'MOTCUA_SMTP_PASSWORD_FILE' },
    });
  });
});
