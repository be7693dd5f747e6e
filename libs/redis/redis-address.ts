import { Problem } from '#libs/problem/problem.js';

export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

export interface RedisTls {
  /** File with the certificates to trust (PEM); without it those that Node trusts. */
  readonly caFile?: string;
  /** Name that the certificate must be for, where it is not the host. */
  readonly serverName?: string;
}

/** Where a Redis is and how to log in: what REDIS_URL says. */
export interface RedisAddress {
  readonly kind: 'single' | 'sentinel' | 'cluster';
  /** The server; the Sentinels; or the nodes of the Cluster to begin with. */
  readonly nodes: readonly [RedisNode, ...RedisNode[]];
  /** Name of the master that the Sentinels watch. */
  readonly master?: string;
  readonly username?: string;
  readonly password?: string;
  readonly sentinelUsername?: string;
  readonly sentinelPassword?: string;
  /** 0 in a Cluster. */
  readonly db: number;
  readonly tls?: RedisTls;
  /** Begins the name of every key and channel. Two installations on one Redis need two. */
  readonly prefix: string;
}

export const REDIS_URL_FORMS: readonly string[] = [
  'redis://[user:password@]host[:6379][/db]',
  'redis+sentinel://[user:password@]host[:26379],host/master-name[?db=0]',
  'redis+cluster://[user:password@]host[:6379],host',
];

const URL_PARTS =
  /^(?<scheme>rediss?)(?:\+(?<kind>sentinel|cluster))?:\/\/(?:(?<login>[^/?#]*)@)?(?<hosts>[^/?#@]*)(?:\/(?<path>[^?#]*))?(?:\?(?<query>[^#]*))?$/;
const HOST = /^(?<host>\[[0-9A-F:.]+\]|[\w.-]+)(?::(?<port>\d{1,5}))?$/i;
const PREFIX = /^[\w.-]{1,40}$/;
const OPTIONS = ['db', 'ca', 'servername', 'sentinelUsername', 'sentinelPassword', 'prefix'] as const;

/**
 * Reads REDIS_URL. `rediss` means TLS, with `?ca=file` and `?servername=name`; `?prefix=` is for a Redis that several
 * installations share. Special characters of a password are percent-encoded.
 * @throws Problem `redis-url-wrong`, which names the part that is wrong and never its content
 */
export function parseRedisUrl(url: string): RedisAddress {
  const parts = URL_PARTS.exec(url.trim())?.groups;
  if (!parts) throw wrongPart('scheme');
  const kind = (parts['kind'] ?? 'single') as RedisAddress['kind'];
  const nodes = nodesOf(parts['hosts'] ?? '', kind);
  const options = optionsOf(parts['query'] ?? '');
  const path = decoded(parts['path'] ?? '', 'path');
  if (kind === 'sentinel' && !/^[^/]+$/.test(path)) throw wrongPart('master-name');
  if (kind !== 'sentinel' && path !== '' && options['db'] !== undefined) throw wrongPart('db');
  const db = dbOf((kind === 'sentinel' ? options['db'] : path || options['db']) ?? '0');
  if (kind === 'cluster' && db !== 0) throw wrongPart('db');
  const { ca, servername, sentinelUsername, sentinelPassword, prefix = 'motcua' } = options;
  const secure = parts['scheme'] === 'rediss';
  if (!secure && (ca ?? servername) !== undefined) throw wrongPart(ca === undefined ? 'servername' : 'ca');
  if (kind !== 'sentinel' && (sentinelUsername ?? sentinelPassword) !== undefined) {
    throw wrongPart('sentinelPassword');
  }
  if (!PREFIX.test(prefix)) throw wrongPart('prefix');
  return {
    kind,
    nodes,
    db,
    prefix,
    ...loginOf(parts['login']),
    ...(kind === 'sentinel' ? { master: path } : {}),
    ...(sentinelUsername === undefined ? {} : { sentinelUsername }),
    ...(sentinelPassword === undefined ? {} : { sentinelPassword }),
    ...(secure ? { tls: tlsOf(ca, servername) } : {}),
  };
}

/** The address in words, without login. */
export function describeRedis({ kind, nodes, master, db }: RedisAddress): string {
  const hosts = nodes.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`).join(',');
  if (kind === 'cluster') return `Redis Cluster ${hosts}`;
  return kind === 'sentinel' ? `Redis ${master}/${db} by Sentinels ${hosts}` : `Redis ${hosts}/${db}`;
}

function nodesOf(hosts: string, kind: RedisAddress['kind']): [RedisNode, ...RedisNode[]] {
  const nodes = hosts.split(',').map((text): RedisNode => {
    const found = HOST.exec(text)?.groups;
    if (!found?.['host']) throw wrongPart('host');
    const port = Number(found['port'] ?? (kind === 'sentinel' ? 26_379 : 6_379));
    if (port < 1 || port > 65_535) throw wrongPart('port');
    return { host: found['host'].replace(/^\[|\]$/g, ''), port };
  });
  const [first, ...others] = nodes;
  if (!first || (kind === 'single' && others.length > 0)) throw wrongPart('host');
  return [first, ...others];
}

function loginOf(login: string | undefined): { username?: string; password?: string } {
  if (login === undefined || login === '') return {};
  const colon = login.indexOf(':');
  if (colon < 0) throw wrongPart('password');
  const username = decoded(login.slice(0, colon), 'user');
  const password = decoded(login.slice(colon + 1), 'password');
  if (password === '') throw wrongPart('password');
  return { ...(username === '' ? {} : { username }), password };
}

function optionsOf(query: string): Partial<Record<(typeof OPTIONS)[number], string>> {
  const options = [...new URLSearchParams(query.replaceAll('+', '%2B'))];
  for (const [name, value] of options) {
    if (!(OPTIONS as readonly string[]).includes(name)) {
      // Behind a ? that is not encoded there may be the rest of a password.
      const isName = /^\w{1,40}$/.test(name) && !query.includes('@');
      throw wrongPart(isName ? `option ${name}` : 'options');
    }
    if (value === '') throw wrongPart(name);
  }
  return Object.fromEntries(options);
}

function dbOf(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw wrongPart('db');
  return Number(text);
}

function tlsOf(caFile: string | undefined, serverName: string | undefined): RedisTls {
  return {
    ...(caFile === undefined ? {} : { caFile }),
    ...(serverName === undefined ? {} : { serverName }),
  };
}

function decoded(text: string, part: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw wrongPart(part);
  }
}

function wrongPart(part: string): Problem {
  return new Problem('redis-url-wrong', { part, forms: [...REDIS_URL_FORMS] });
}
