import { readFile } from 'node:fs/promises';
import type { Clock } from '#libs/event-log/clock.js';
import { Problem } from '#libs/problem/problem.js';
import { emailChannel, type EmailChannel } from '#libs/reminders/email/email.adapter.js';
import type { MailPlace } from './channel-settings.js';
import type { Settings } from './settings.js';

export interface ChannelParts {
  readonly clock: Clock;
  /** Mail address of an account; undefined if it has none, or wants no mail. */
  readonly addressOf: (account: string) => Promise<string | undefined>;
}

/** The ways out that the settings name. */
export interface Channels {
  readonly email: EmailChannel;
}

/** @throws Problem `mail-setting-wrong` */
export async function openChannels(settings: Settings, parts: ChannelParts): Promise<Channels> {
  const { channels, publicUrl } = settings;
  return { email: await openEmail(channels.mail, { ...parts, publicUrl }) };
}

async function openEmail(
  place: MailPlace | undefined,
  parts: ChannelParts & { readonly publicUrl: string | undefined },
): Promise<EmailChannel> {
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
const NO_MAIL: EmailChannel = {
  name: 'email',
  send: () => Promise.resolve('gone'),
  sendDigest: () => Promise.resolve('gone'),
  addressees: () => Promise.resolve([]),
};
