import { randomBytes } from 'node:crypto';
import { access, chown, constants, link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Problem } from '#libs/problem/problem.js';

/** What this version writes to motcua.json; a folder with a higher number is of a newer version. */
const FORMAT = 1;

export interface DataFolder {
  readonly path: string;
  /** Where the database cluster is or will be. */
  readonly cluster: string;
  readonly log: string;
  /** Of the database, made with the folder. */
  readonly password: string;
}

/**
 * Opens the data folder, making it when it is not there.
 * Problems: `data-folder-unwritable`, `data-folder-newer`, `data-folder-damaged`, `disk-full`.
 */
export async function openDataFolder(folder: string): Promise<DataFolder> {
  const path = resolve(folder);
  const cluster = join(path, 'postgres');
  const marker = join(path, 'motcua.json');
  try {
    await makeFolder(path);
    await access(path, constants.W_OK | constants.X_OK);
    if ((await textOf(marker)) === undefined) {
      if ((await textOf(join(cluster, 'PG_VERSION'))) !== undefined) throw damaged(path, marker);
      await writeMarker(path, marker);
    }
    return {
      path,
      cluster,
      log: join(path, 'postgres.log'),
      password: readMarker(path, marker, await readFile(marker, 'utf8')),
    };
  } catch (error) {
    throw asProblem(error, path);
  }
}

/** With all above it. Node's own way never ends below /proc, where no folder can be made and the answer is ENOENT. */
export async function makeFolder(path: string, parentsToo = true): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return;
    if (codeOf(error) !== 'ENOENT' || !parentsToo) throw error;
    await makeFolder(dirname(path));
    await makeFolder(path, false);
  }
}

/** Undefined when there is no such file. */
export async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * The code of a system or database error, such as ENOENT; undefined for any other value. Looks at no class: errors
 * of Node are of another realm inside a test's sandbox.
 */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** What an error says, of whatever realm. */
export function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error
    ? String(error.message)
    : String(error);
}

/** Turns what the file system answered for this folder into a Problem, where its user can do something about it. */
export function asProblem(error: unknown, folder: string): unknown {
  const code = codeOf(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') return new Problem('disk-full', { folder });
  if (
    code !== undefined &&
    ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOENT', 'EISDIR'].includes(code)
  ) {
    return new Problem('data-folder-unwritable', { folder, reason: code });
  }
  return error;
}

/** By a link, which appears whole and once, so that two processes that begin together agree on one password. */
async function writeMarker(folder: string, marker: string): Promise<void> {
  const draft = `${marker}.${randomBytes(4).toString('hex')}`;
  const password = randomBytes(24).toString('base64url');
  try {
    await writeFile(draft, `${JSON.stringify({ format: FORMAT, password })}\n`, { mode: 0o600, flush: true });
    if (process.getuid?.() === 0) {
      const owner = await stat(folder);
      await chown(draft, owner.uid, owner.gid);
    }
    await link(draft, marker);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

function readMarker(folder: string, marker: string, text: string): string {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw damaged(folder, marker);
  }
  if (typeof content !== 'object' || content === null || !('format' in content))
    throw damaged(folder, marker);
  if (typeof content.format !== 'number') throw damaged(folder, marker);
  if (content.format > FORMAT) {
    throw new Problem('data-folder-newer', { folder, found: content.format, known: FORMAT });
  }
  if (!('password' in content) || typeof content.password !== 'string') throw damaged(folder, marker);
  return content.password;
}

function damaged(folder: string, file: string): Problem {
  return new Problem('data-folder-damaged', { folder, file });
}
