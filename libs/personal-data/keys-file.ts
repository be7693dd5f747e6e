import { createHash } from 'node:crypto';
import { Problem } from '#libs/problem/problem.js';
import { isSubject } from './subjects.js';

/**
 * The key store as a file: JSON lines, each an object with one member that says what it is. `manifest` first, then the
 * `secret`, `key`s and `erased` ones, last `end` with their number and the SHA-256 of all lines before it. Keys are
 * wrapped: without the master key the file opens nothing.
 */
export interface KeysManifest {
  readonly format: 'motcua-keys';
  readonly version: number;
  readonly createdAt: string;
}

export type KeyEntry =
  | { readonly secret: WrappedText }
  | { readonly key: WrappedText & { subject: string; idDigest: string | null; createdAt: string } }
  | { readonly erased: { subject: string; erasedAt: string } };

/** In base64, and the id of its master key. */
interface WrappedText {
  readonly key: string;
  readonly master: string;
}

export const KEYS_VERSION = 1;
/** Lines are passed on together. */
const CHUNK = 65_536;

/** The lines of a file of keys, in pieces of some size. */
export async function* keysText(createdAt: string, entries: AsyncIterable<KeyEntry>): AsyncGenerator<string> {
  const digest = createHash('sha256');
  const manifest: KeysManifest = { format: 'motcua-keys', version: KEYS_VERSION, createdAt };
  let text = `${JSON.stringify({ manifest })}\n`;
  let count = 0;
  for await (const entry of entries) {
    text += `${JSON.stringify(entry)}\n`;
    count += 1;
    if (text.length < CHUNK) continue;
    digest.update(text);
    yield text;
    text = '';
  }
  digest.update(text);
  yield `${text}${JSON.stringify({ end: { entries: count, sha256: digest.digest('hex') } })}\n`;
}

/**
 * Reads the entries of a file of keys; when it ends without an error, nothing is missing and nothing was changed.
 * @param file what to call it in a problem
 * @throws Problem `keys-file-foreign`, `keys-file-newer`, `keys-file-cut-off`, `keys-file-changed`
 */
export async function* readKeysText(file: string, lines: AsyncIterable<string>): AsyncGenerator<KeyEntry> {
  const digest = createHash('sha256');
  let [line, entries, ended] = [0, 0, false];
  const changed = (reason: string): Problem => new Problem('keys-file-changed', { file, line, reason });
  for await (const text of lines) {
    line += 1;
    if (ended) throw changed('something follows the closing line');
    const parsed = parse(text);
    if (line === 1) requireManifest(file, parsed?.manifest);
    else if (!parsed) throw changed('it is not JSON');
    else if (parsed.end) {
      if (parsed.end.entries !== entries)
        throw changed(`it holds ${entries} entries and states another number`);
      if (parsed.end.sha256 !== digest.digest('hex')) throw changed('the digest of the file is another');
      ended = true;
      continue;
    } else {
      if (!isEntry(parsed)) throw changed('it is not an entry');
      entries += 1;
      yield parsed;
    }
    digest.update(text).update('\n');
  }
  if (line === 0) throw new Problem('keys-file-foreign', { file });
  if (!ended) throw new Problem('keys-file-cut-off', { file, lines: line });
}

interface Line {
  readonly manifest?: KeysManifest;
  readonly end?: { readonly entries: number; readonly sha256: string };
  readonly secret?: Partial<WrappedText>;
  readonly key?: Partial<WrappedText> & { subject?: string; idDigest?: string | null; createdAt?: string };
  readonly erased?: { subject?: string; erasedAt?: string };
}

function parse(text: string): Line | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function requireManifest(file: string, manifest: KeysManifest | undefined): void {
  if (manifest?.format !== 'motcua-keys') throw new Problem('keys-file-foreign', { file });
  const { version } = manifest;
  if (version !== KEYS_VERSION) throw new Problem('keys-file-newer', { file, version, known: KEYS_VERSION });
}

function isEntry(line: object): line is KeyEntry {
  const { secret, key, erased } = line as Line;
  if (secret) return isWrapped(secret);
  if (key) {
    const { subject, idDigest, createdAt } = key;
    return (
      isWrapped(key) &&
      isSubject(subject) &&
      (idDigest === null || typeof idDigest === 'string') &&
      isInstant(createdAt)
    );
  }
  return erased !== undefined && isSubject(erased.subject) && isInstant(erased.erasedAt);
}

const isWrapped = ({ key, master }: Partial<WrappedText>): boolean =>
  typeof key === 'string' && typeof master === 'string';
const isInstant = (text: string | undefined): boolean => !Number.isNaN(Date.parse(text ?? ''));
