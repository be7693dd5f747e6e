import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '#libs/problem/problem.js';
import { codeOf, type DataFolder } from './data-folder.adapter.js';
import type { PostgresBinaries } from './postgres-binaries.adapter.js';
import { isAlive } from './postmaster.adapter.js';
import type { Runner } from './run-as.adapter.js';

/** Beside its place and moved there when whole, so that neither a kill nor a second process leaves half of one. */
export async function createCluster(
  folder: DataFolder,
  binaries: PostgresBinaries,
  runner: Runner,
  durable: boolean,
): Promise<void> {
  await removeHalfMade(folder.path);
  const draft = join(folder.path, `postgres.new-${process.pid}-${randomBytes(4).toString('hex')}`);
  const passwordFile = `${draft}.password`;
  try {
    await mkdir(draft, { mode: 0o700 });
    await writeFile(passwordFile, folder.password, { mode: 0o600 });
    await runner.own(draft);
    await runner.own(passwordFile);
    await runner.run(binaries.initdb, [
      ...['--pgdata', draft, '--username', 'motcua', '--pwfile', passwordFile],
      ...['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--locale', 'C', '--no-instructions'],
      ...(durable ? [] : ['--no-sync']),
    ]);
    await rename(draft, folder.cluster);
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST'].includes(codeOf(error) ?? '')) return;
    throw typeof codeOf(error) === 'string' ? error : failure(folder, outputOf(error));
  } finally {
    await rm(draft, { recursive: true, force: true });
    await rm(passwordFile, { force: true });
  }
}

async function removeHalfMade(path: string): Promise<void> {
  for (const name of await readdir(path)) {
    const maker = /^postgres\.new-(\d+)-/.exec(name)?.[1];
    if (maker !== undefined && !isAlive(Number(maker)))
      await rm(join(path, name), { recursive: true, force: true });
  }
}

/** What a program said before it failed. */
export function outputOf(error: unknown): string {
  const stderr = typeof error === 'object' && error !== null && 'stderr' in error ? String(error.stderr) : '';
  return stderr.trim() === '' ? String(error) : stderr;
}

/** The Problem in the last words of a program of PostgreSQL. */
export function failure(folder: DataFolder, words: string): Problem {
  if (/No space left on device|Disk quota exceeded/.test(words))
    return new Problem('disk-full', { folder: folder.path });
  const lines = words.split('\n').map((line) => line.trim());
  const reason = lines.find((line) => /FATAL|PANIC|error:/.test(line)) ?? lines.filter(Boolean).at(-1) ?? '';
  return new Problem('database-start-failed', { reason, log: folder.log });
}
