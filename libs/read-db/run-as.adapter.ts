import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { Problem } from '#libs/problem/problem.js';

const exec = promisify(execFile);

/** Enters the folder $1 and starts the program $2, which says "invalid binary" where it cannot see itself. */
const PROBE =
  'test -x "$1" && words=$("$2" --version 2>&1) && case $words in *"invalid binary"*) exit 1;; esac';

interface Identity {
  readonly uid: number;
  readonly gid: number;
}

/** Runs the programs of PostgreSQL, which refuse to run as root, as somebody they accept. */
export interface Runner {
  /** Resolves with the standard output; rejects as execFile does, with `stderr` and `code` on the error. */
  run(file: string, args: readonly string[]): Promise<string>;
  /** Hands a file, or a folder with all in it, to that somebody. */
  own(path: string): Promise<void>;
}

/**
 * The runner for a cluster in `cluster`, which need not exist, in the existing folder `dataFolder`. An ordinary user
 * runs PostgreSQL as himself. Root takes the owner of the cluster, or else of the data folder, or else the system
 * user postgres, motcua (made when missing) or nobody, in this order.
 * Problem `data-folder-unreachable` when that user can reach the data folder or `program` by no means.
 */
export async function createRunner(dataFolder: string, cluster: string, program: string): Promise<Runner> {
  if (process.getuid?.() !== 0) return { run: (file, args) => run(file, args), own: () => Promise.resolve() };
  const who =
    (await ownerOf(cluster)) ??
    (await ownerOf(dataFolder)) ??
    (await systemUser('postgres')) ??
    (await systemUser('motcua')) ??
    (await newSystemUser('motcua')) ??
    (await systemUser('nobody'));
  if (who === undefined)
    throw new Problem('data-folder-unreachable', { folder: dataFolder, user: 'postgres' });
  for (const run of waysToRun(who)) {
    try {
      await run('/bin/sh', ['-c', PROBE, 'sh', dataFolder, program]);
      return { run, own: (path) => own(path, who) };
    } catch {
      continue;
    }
  }
  throw new Problem('data-folder-unreachable', { folder: dataFolder, user: await nameOf(who) });
}

/**
 * Plainly first. Below a folder closed to that user, such as a checkout in root's home, it keeps the one capability
 * to pass through; the second is what containers have instead of the first. PostgreSQL looks at its files with
 * access(2), which leaves capabilities out of account for all but root unless `no_setuid_fixup` is set.
 */
function waysToRun(who: Identity): Runner['run'][] {
  const drop = ['--reuid', String(who.uid), '--regid', String(who.gid), '--clear-groups'];
  const withCapability = (name: string): Runner['run'] => {
    const keep = ['--securebits=+no_setuid_fixup', `--inh-caps=+${name}`, `--ambient-caps=+${name}`];
    return (file, args) => run('setpriv', [...drop, ...keep, file, ...args]);
  };
  return [
    (file, args) => run(file, args, who),
    withCapability('dac_read_search'),
    withCapability('dac_override'),
  ];
}

/** From the root folder, since PostgreSQL stops when it may not read the one it is started in. */
async function run(file: string, args: readonly string[], who?: Identity): Promise<string> {
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
  const { stdout } = await exec(file, [...args], { cwd: '/', env, windowsHide: true, ...who });
  return stdout;
}

async function own(path: string, who: Identity): Promise<void> {
  await run('chown', ['-R', `${who.uid}:${who.gid}`, path]);
}

async function ownerOf(path: string): Promise<Identity | undefined> {
  const owner = await stat(path).catch(() => undefined);
  return owner === undefined || owner.uid === 0 ? undefined : { uid: owner.uid, gid: owner.gid };
}

async function systemUser(name: string): Promise<Identity | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid), gid: Number(gid) };
  } catch {
    return undefined;
  }
}

async function newSystemUser(name: string): Promise<Identity | undefined> {
  await run('useradd', [
    '--system',
    '--user-group',
    '--no-create-home',
    '--shell',
    '/usr/sbin/nologin',
    name,
  ]).catch(() => undefined);
  return systemUser(name);
}

async function nameOf(who: Identity): Promise<string> {
  return (await run('id', ['-un', String(who.uid)]).catch(() => String(who.uid))).trim();
}
