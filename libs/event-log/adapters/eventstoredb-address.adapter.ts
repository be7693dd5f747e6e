import { EventStoreDBClient } from '@eventstore/db-client';
import { Problem } from '#libs/problem/problem.js';

/** An address that was looked at. */
export interface EventStoreAddress {
  /** For the client, with a password that may be in it. */
  readonly connectionString: string;
  /** For people: without one. */
  readonly shown: string;
  /** The first host, as `host:port`. */
  readonly firstHost: string;
  readonly tls: boolean;
  readonly caFile: string | undefined;
}

const FORM =
  /^(?:esdb|kurrentdb|kurrent|kdb)(?<discover>\+discover)?:\/\/(?:(?<user>[^:@/?]+):(?<password>[^@/?]+)@)?(?<hosts>[^@/?#\s]+)\/?(?:\?(?<query>[^#\s]*))?$/i;
const HOST = /^[^:,]+(?::\d{1,5})?$/;
const OPTIONS = new Set(
  [
    'userCertFile userKeyFile maxDiscoverAttempts connectionName defaultDeadline discoveryInterval gossipTimeout',
    'nodePreference tls tlsCAFile throwOnAppendFailure keepAliveInterval keepAliveTimeout',
  ]
    .join(' ')
    .split(' ')
    .map(flat),
);

/**
 * Checks what the client would take without a word, or would print with the password in it.
 * @throws Problem
 */
export function readEventStoreAddress(url: string): EventStoreAddress {
  const parts = FORM.exec(url.trim())?.groups;
  if (!parts?.hosts?.split(',').every((host) => HOST.test(host))) throw new Problem('event-store-url-wrong');
  const { discover, user, password, hosts, query = '' } = parts;
  const options = readOptions(query);
  const tls = options.get('tls') !== 'false';
  const shown = `esdb${discover ?? ''}://${hosts}`.toLowerCase();
  // The client would leave the password out and go on without login.
  if (user !== undefined && !tls) throw new Problem('event-store-password-unprotected', { address: shown });
  // The client would answer a refused append with a wrong revision.
  if (options.get('throwonappendfailure') === 'false') refuseOption('throwOnAppendFailure');
  for (const name of ['keepAliveInterval', 'keepAliveTimeout']) {
    // A connection that died in silence would never be noticed.
    if (Number(options.get(flat(name)) ?? 0) < 0) refuseOption(name);
  }
  const login = user === undefined || password === undefined ? '' : `${user}:${password}@`;
  const connectionString = `${shown.replace(/\/\/.*/, '//')}${login}${hosts}${query ? `?${query}` : ''}`;
  try {
    void EventStoreDBClient.connectionString(connectionString);
  } catch (error) {
    const file = error instanceof Error && error.message.includes('certificate');
    throw new Problem(file ? 'event-store-certificate-missing' : 'event-store-url-wrong', { address: shown });
  }
  return {
    connectionString,
    shown,
    firstHost: withPort(hosts.split(',')[0] ?? ''),
    tls,
    caFile: options.get('tlscafile'),
  };
}

/** By their names as the client reads them: without case, `-` and `_`. */
function readOptions(query: string): Map<string, string> {
  const options = new Map<string, string>();
  for (const pair of query.split('&').filter(Boolean)) {
    const [name = '', value = ''] = pair.split('=', 2);
    // The client warns of others on the console, with the whole address.
    if (!OPTIONS.has(flat(name))) refuseOption(name);
    options.set(flat(name), decoded(value).trim());
  }
  return options;
}

function refuseOption(option: string): never {
  throw new Problem('event-store-option-refused', { option: option.slice(0, 40) });
}

function flat(name: string): string {
  return name.trim().toLowerCase().replace(/[_-]/g, '');
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    throw new Problem('event-store-url-wrong');
  }
}

function withPort(host: string): string {
  return host.includes(':') ? host : `${host}:2113`;
}
