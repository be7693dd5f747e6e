import { readFile, stat } from 'node:fs/promises';
import type { Clock } from '#libs/event-log/clock.js';
import { Problem } from '#libs/problem/problem.js';
import { emailChannel } from '#libs/reminders/email/email.adapter.js';
import type { Channel } from '#libs/reminders/channel.js';
import type { Preferences } from '#libs/reminders/preferences/preference.js';
import { checkHooks } from '#libs/reminders/webhook/hooks.js';
import { webhookChannel } from '#libs/reminders/webhook/webhook.adapter.js';
import type { MailPlace } from './channel-settings.js';
import type { Settings } from './settings.js';

export interface ChannelParts {
  readonly clock: Clock;
  readonly preferences: Preferences;
  /** Of what is no fault, but should be mended. */
  readonly notice: (line: string) => void;
}

/** The ways out that the settings name. @throws Problem `mail-setting-wrong`, `webhooks-unreadable`, `webhooks-wrong` */
export async function openChannels(settings: Settings, parts: ChannelParts): Promise<readonly Channel[]> {
  const { channels, publicUrl } = settings;
  const { webhooksFile: file } = channels;
  const hooks = file === undefined ? [] : checkHooks(await jsonOf(file), file);
  if (file !== undefined && process.platform !== 'win32' && ((await stat(file)).mode & 0o077) !== 0) {
    parts.notice(`${file} holds secrets of web hooks and others than its owner may read it: chmod 600 it`);
  }
  return [
    await openEmail(channels.mail, { ...parts, publicUrl }),
    webhookChannel({ hooks, publicUrl, clock: parts.clock }),
  ];
}

async function jsonOf(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as unknown;
  } catch (error) {
    const reason =
      error instanceof SyntaxError ? 'not JSON' : ((error as NodeJS.ErrnoException).code ?? 'error');
    throw new Problem('webhooks-unreadable', { file, reason });
  }
}

async function openEmail(
  place: MailPlace | undefined,
  parts: ChannelParts & { readonly publicUrl: string | undefined },
): Promise<Channel> {
  if (!place) return NO_MAIL;
  const { host, port, secure, user, passwordFile, from } = place;
  const password = passwordFile === undefined ? place.password : await passwordOf(passwordFile);
  const login = user === undefined || password === undefined ? undefined : { user, password };
  return emailChannel({ server: { host, port, secure, login }, from, ...parts });
}

async function passwordOf(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    const reason = `cannot read ${file} (${(error as NodeJS.ErrnoException).code ?? 'error'})`;
    throw new Problem('mail-setting-wrong', { setting: 'MOTCUA_SMTP_PASSWORD_FILE', reason });
  }
}

/** What was raised for mail while there was a server has nowhere to go any more. */
const NO_MAIL: Channel = {
  name: 'email',
  send: () => Promise.resolve('gone'),
  addressees: () => Promise.resolve([]),
};
