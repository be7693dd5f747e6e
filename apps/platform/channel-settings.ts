import { resolve } from 'node:path';
import { Problem } from '#libs/problem/problem.js';

/** The ways out: how reminders reach people outside the application. */
export interface ChannelSettings {
  /** A mail server; undefined without one. */
  readonly mail: MailPlace | undefined;
  /** A file with the web hooks; undefined without any. */
  readonly webhooksFile: string | undefined;
}

export interface MailPlace {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly passwordFile: string | undefined;
  readonly from: { readonly name: string; readonly address: string };
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Ports of RFC 8314 (submission over TLS) and RFC 6409 (submission). */
const PORTS = { 'smtps:': 465, 'smtp:': 587 } as const;
const FROM = /^(?:(?<name>[^<>"]*)<(?<within>[^<>]+)>|(?<bare>[^<>\s]+))$/;
const ADDRESS = /^[^\s@<>,;:"]+@[\w-]+(?:\.[\w-]+)*$/;

/** @throws Problem `mail-setting-wrong` */
export function readChannelSettings(env: Environment): ChannelSettings {
  return {
    mail: mailOf(env),
    webhooksFile: env.MOTCUA_WEBHOOKS_FILE ? resolve(env.MOTCUA_WEBHOOKS_FILE) : undefined,
  };
}

function mailOf(env: Environment): MailPlace | undefined {
  const [url, from] = [env.MOTCUA_SMTP_URL, env.MOTCUA_MAIL_FROM];
  const passwordFile = env.MOTCUA_SMTP_PASSWORD_FILE ? resolve(env.MOTCUA_SMTP_PASSWORD_FILE) : undefined;
  if (!url && !from && !passwordFile) return undefined;
  if (!url) fail('MOTCUA_SMTP_URL', 'it is missing, and other settings of mail are there');
  const place = URL.canParse(url) ? new URL(url) : undefined;
  const { protocol = '', hostname = '', search, hash, pathname = '' } = place ?? {};
  const isPlain = /^\/?$/.test(pathname) && !search && !hash;
  if (!place || (protocol !== 'smtps:' && protocol !== 'smtp:') || hostname === '' || !isPlain) {
    fail(
      'MOTCUA_SMTP_URL',
      'write smtps://user:password@host:465, or smtp://…:587, and percent-encode signs',
    );
  }
  const user = decoded(place.username);
  const password = decoded(place.password);
  if (password && passwordFile)
    fail('MOTCUA_SMTP_PASSWORD_FILE', 'there is a password in MOTCUA_SMTP_URL, too');
  if (!user !== !(password ?? passwordFile)) {
    fail('MOTCUA_SMTP_URL', 'a user needs a password, and a password a user');
  }
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: place.port === '' ? PORTS[protocol] : Number(place.port),
    secure: protocol === 'smtps:',
    ...{ user, password, passwordFile },
    from: senderOf(from),
  };
}

function senderOf(given: string | undefined): MailPlace['from'] {
  const { name = '', within, bare } = FROM.exec(given ?? '')?.groups ?? {};
  const address = (within ?? bare ?? '').trim();
  if (!ADDRESS.test(address)) {
    fail('MOTCUA_MAIL_FROM', 'write an address, such as Một cửa <mot-cua@example.vn>');
  }
  return { name: name.trim(), address };
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part) || undefined;
  } catch {
    return fail('MOTCUA_SMTP_URL', 'a % in it must be written as %25');
  }
}

/** Without what was given: there may be a password in it. */
function fail(setting: string, reason: string): never {
  throw new Problem('mail-setting-wrong', { setting, reason });
}
