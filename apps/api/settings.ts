import { resolve } from 'node:path';
import { Problem } from '#libs/problem/problem.js';

export interface Settings {
  readonly dataFolder: string;
  /** A PostgreSQL of the user's; without it the embedded one in the data folder. */
  readonly databaseUrl: string | undefined;
  readonly port: number;
}

const DEFAULT_PORT = 3000;

/** From the environment: `MOTCUA_DATA`, `DATABASE_URL`, `PORT`. @throws Problem port-malformed */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const port = env.PORT === undefined || env.PORT === '' ? DEFAULT_PORT : Number(env.PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Problem('port-malformed', { port: env.PORT ?? '' });
  return {
    dataFolder: resolve(env.MOTCUA_DATA || './data'),
    databaseUrl: env.DATABASE_URL || undefined,
    port,
  };
}
