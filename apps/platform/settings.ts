import { resolve } from 'node:path';
import { LOG_LEVELS, type LogLevel } from '#libs/telemetry/logger.adapter.js';
import { Problem } from '#libs/problem/problem.js';
import { type ChannelSettings, readChannelSettings } from './channel-settings.js';
import { readSignInSettings, type SignInSettings } from './sign-in-settings.js';

export interface Settings {
  readonly dataFolder: string;
  /** A PostgreSQL of the user's; without it the embedded one in the data folder. */
  readonly databaseUrl: string | undefined;
  /** An EventStoreDB (KurrentDB) for the log; without it the log is in PostgreSQL. */
  readonly eventStoreUrl: string | undefined;
  /** A Redis for jobs and live updates; without it PostgreSQL does both. */
  readonly redisUrl: string | undefined;
  /** Wraps the keys of persons; without it and a file of it, one is made in the data folder. */
  readonly masterKey: string | undefined;
  readonly masterKeyFile: string | undefined;
  /** Address to listen on. */
  readonly host: string;
  readonly port: number;
  /** Host names of requests that are answered beside those of this machine. */
  readonly allowedHosts: readonly string[];
  /** Where browsers find the service, if that is not this machine: scheme, host and port, no path. */
  readonly publicUrl: string | undefined;
  readonly signIn: SignInSettings;
  readonly channels: ChannelSettings;
  /** Whether this process keeps the read models, or leaves it to workers. */
  readonly projections: 'here' | 'elsewhere';
  /** Whether a new log gets the demonstration desk. */
  readonly demo: boolean;
  /** From which level on JSON lines go to stderr; requests are told at `info`. */
  readonly logLevel: LogLevel;
  /** A read model further behind makes the service `degraded`. */
  readonly lagLimitSeconds: number;
  /** How long a process that is told to stop still takes connections, being no longer ready. */
  readonly drainSeconds: number;
  /** When the log is verified: a cron pattern and the zone it is meant in; undefined for never. */
  readonly verifyAt: { readonly pattern: string; readonly zone: string } | undefined;
  /** How long a read may wait for its read model to hold what the reader asks for. */
  readonly readWaitMs: number;
}

const LONGEST_DRAIN_SECONDS = 10;

type Environment = Readonly<Record<string, string | undefined>>;

/** From the environment: every name is explained in docker/.env.example. @throws Problem for a value that is wrong */
export function readSettings(
  environment: Environment,
  defaults: { port: number } = { port: 3000 },
): Settings {
  const env = trimmed(environment);
  return {
    dataFolder: resolve(env.MOTCUA_DATA || './data'),
    databaseUrl: env.DATABASE_URL || undefined,
    eventStoreUrl: env.EVENTSTORE_URL || undefined,
    redisUrl: env.REDIS_URL || undefined,
    masterKey: env.MOTCUA_MASTER_KEY || undefined,
    masterKeyFile: env.MOTCUA_MASTER_KEY_FILE ? resolve(env.MOTCUA_MASTER_KEY_FILE) : undefined,
    host: env.MOTCUA_HOST || '127.0.0.1',
    port: portOf(env.PORT || String(defaults.port)),
    allowedHosts: (env.MOTCUA_ALLOWED_HOSTS ?? '')
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean),
    publicUrl: env.MOTCUA_PUBLIC_URL ? publicUrlOf(env.MOTCUA_PUBLIC_URL) : undefined,
    signIn: readSignInSettings(env),
    channels: readChannelSettings(env),
    projections: projectionsOf(env.MOTCUA_PROJECTIONS || 'here'),
    demo: demoOf(env.MOTCUA_DEMO || 'on'),
    logLevel: logLevelOf(env.LOG_LEVEL || 'warn'),
    lagLimitSeconds: lagLimitOf(env.MOTCUA_LAG_LIMIT_SECONDS || '60'),
    drainSeconds: drainOf(env.MOTCUA_DRAIN_SECONDS || '0'),
    verifyAt: verifyAtOf(
      env.MOTCUA_VERIFY_CRON || '30 2 * * *',
      env.MOTCUA_VERIFY_ZONE || 'Asia/Ho_Chi_Minh',
    ),
    readWaitMs: readWaitOf(env.MOTCUA_READ_WAIT_MS || '5000'),
  };
}

/** Blanks around a value are left over from a file or a shell; none of these values begins or ends with one. */
function trimmed(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value?.trim()]));
}

function portOf(given: string): number {
  const port = Number(given);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Problem('port-malformed', { port: given });
  return port;
}

function publicUrlOf(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.href !== `${url.origin}/`) {
    throw new Problem('public-url-wrong', { given });
  }
  return url.origin;
}

function demoOf(given: string): boolean {
  if (given === 'on' || given === 'off') return given === 'on';
  throw new Problem('demo-setting-wrong', { given });
}

function logLevelOf(given: string): LogLevel {
  const level = LOG_LEVELS.find((known) => known === given.toLowerCase());
  if (!level) throw new Problem('log-level-wrong', { given, known: LOG_LEVELS.join(', ') });
  return level;
}

function lagLimitOf(given: string): number {
  const seconds = Number(given);
  if (!(seconds > 0 && seconds < Infinity)) throw new Problem('lag-limit-wrong', { given });
  return seconds;
}

function readWaitOf(given: string): number {
  if (!/^\d{1,5}$/.test(given) || Number(given) > 60_000) throw new Problem('read-wait-wrong', { given });
  return Number(given);
}

/** Whether it is a schedule is found out where jobs are known. */
function verifyAtOf(pattern: string, zone: string): Settings['verifyAt'] {
  return pattern.trim().toLowerCase() === 'off' ? undefined : { pattern, zone };
}

function drainOf(given: string): number {
  const seconds = Number(given);
  if (!(seconds >= 0 && seconds <= LONGEST_DRAIN_SECONDS)) {
    throw new Problem('drain-wrong', { given, most: LONGEST_DRAIN_SECONDS });
  }
  return seconds;
}

function projectionsOf(given: string): 'here' | 'elsewhere' {
  if (given === 'here' || given === 'elsewhere') return given;
  throw new Problem('projections-setting-wrong', { given });
}
