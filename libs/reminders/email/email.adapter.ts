import { createHash } from 'node:crypto';
import { createTransport } from 'nodemailer';
import type { Clock } from '#libs/event-log/clock.js';
import { type Channel, RefusedForGood } from '../channel.js';
import { digestMail, type Mail, type MailContext, reminderMail } from './mail.js';
import { mailWish } from '../preferences/mail-wish.js';
import { NO_PREFERENCE, type Preference, type Preferences } from '../preferences/preference.js';
import { describeFailure, isForGood, type SmtpFailure } from './smtp-refusal.js';

export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte on. Without it STARTTLS, which a login makes a must. */
  readonly secure: boolean;
  readonly login: { readonly user: string; readonly password: string } | undefined;
}

export interface Sender {
  readonly name: string;
  readonly address: string;
}

export interface EmailParts {
  readonly server: MailServer;
  readonly from: Sender;
  readonly publicUrl: string | undefined;
  readonly clock: Clock;
  readonly preferences: Preferences;
  /** How long the server may be silent. */
  readonly silenceMs?: number;
}

const SILENCE_MS = 10_000;

/** Mail over SMTP: a connection for each, with `Message-ID` and `X-Motcua-Key` that are the same for every attempt. */
export function emailChannel(parts: EmailParts): Channel {
  const { server, from, publicUrl, clock, preferences, silenceMs = SILENCE_MS } = parts;
  const { host, port, secure, login } = server;
  const transport = createTransport({
    ...{ host, port, secure, requireTLS: login !== undefined },
    ...(login && { auth: { user: login.user, pass: login.password } }),
    ...{ dnsTimeout: silenceMs, connectionTimeout: silenceMs },
    ...{ greetingTimeout: silenceMs, socketTimeout: silenceMs },
    ...{ disableFileAccess: true, disableUrlAccess: true },
  });

  const preferenceOf = async (account: string): Promise<Preference> =>
    (await preferences.of([account])).get(account) ?? NO_PREFERENCE;

  const post = async (
    { key, to }: { readonly key: string; readonly to: string },
    write: (context: MailContext) => Mail,
    signal: AbortSignal,
  ): Promise<'sent' | 'gone'> => {
    const address = addressIn(await preferenceOf(to));
    if (address === null) return 'gone';
    const at = clock.now();
    const failure = await transport
      .sendMail({
        ...write({ at, publicUrl }),
        ...{ from, to: { name: '', address }, date: new Date(at), messageId: messageIdOf(key, from), signal },
        headers: { 'X-Motcua-Key': key, 'Auto-Submitted': 'auto-generated' },
      })
      .then(
        () => undefined,
        (error: unknown) => error as SmtpFailure,
      );
    if (!failure) return 'sent';
    throw new (isForGood(failure) ? RefusedForGood : Error)(describeFailure(failure));
  };

  return {
    name: 'email',
    send: (message, signal) => post(message, (context) => reminderMail(message, context), signal),
    together: {
      wish: async (to, given) => mailWish(await preferenceOf(to), given),
      send: (digest, signal) => post(digest, (context) => digestMail(digest.items, context), signal),
    },
    addressees: async ({ accounts }) => {
      const known = await preferences.of(accounts);
      return accounts.filter((id) => addressIn(known.get(id) ?? NO_PREFERENCE) !== null);
    },
  };
}

const addressIn = ({ address, mail }: Preference): string | null => (mail === 'none' ? null : address);

function messageIdOf(key: string, { address }: Sender): string {
  const hash = createHash('sha256').update(key).digest('hex').slice(0, 40);
  return `<${hash}@${address.slice(address.lastIndexOf('@') + 1)}>`;
}
