import { createReadStream, createWriteStream, type Stats } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { Problem } from '#libs/problem/problem.js';
import type { RecordedEvent } from '../event-log.js';
import { ChainCheck, type Finding } from '../verify.js';
import { BackupReader, type Manifest } from './backup-format.js';
import { type LogSource, unverified } from './copy-log.js';

/**
 * Writes a backup beside its name and gives it its name when it is complete and on the disk; readable by its owner
 * only. If anything goes wrong, or the signal aborts, there is no file.
 * @throws Problem `backup-exists`, `backup-unwritable`, `disk-full`
 */
export async function writeBackup(
  file: string,
  text: AsyncIterable<string>,
  signal?: AbortSignal,
): Promise<Stats> {
  if (await stat(file).then(Boolean, () => false)) throw new Problem('backup-exists', { file });
  const draft = join(dirname(file), `.${basename(file)}.${process.pid}.part`);
  try {
    const sink = createWriteStream(draft, { flags: 'wx', mode: 0o600, flush: true });
    await compress(text, sink, signal);
    await rename(draft, file);
    await flushFolder(dirname(file));
    return await stat(file);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw asProblem(error, file);
  }
}

/** The same into a pipe. */
export async function compress(
  text: AsyncIterable<string>,
  sink: NodeJS.WritableStream,
  signal?: AbortSignal,
): Promise<void> {
  const options = signal ? { signal } : {};
  await pipeline(Readable.from(text, { objectMode: true }), createGzip(), sink, options);
}

/** A backup that was read through once: complete, unchanged, and what it says of itself. */
export interface CheckedBackup extends LogSource {
  readonly manifest: Manifest;
  readonly events: number;
  readonly streams: number;
}

/**
 * Reads a whole backup and finds out whether anything is wrong with it, before anything is done with it.
 * @throws Problem `backup-unreadable`, those of `BackupReader`, and `log-does-not-verify`
 */
export async function checkBackup(
  file: string,
  options: {
    despiteFindings?: boolean;
    progress?: (position: bigint, head: bigint) => void;
    signal?: AbortSignal;
  },
): Promise<CheckedBackup> {
  const reader = new BackupReader(file);
  let check: ChainCheck | undefined;
  let finding: Finding | undefined;
  for await (const event of eventsOf(file, reader)) {
    check ??= new ChainCheck(reader.manifest?.log.contiguous ?? false);
    const [found] = check.next(event);
    finding ??= found;
    if (reader.events % 1_000 !== 0) continue;
    options.signal?.throwIfAborted();
    options.progress?.(event.position, BigInt(reader.manifest?.log.head ?? 0));
  }
  // Told after what is wrong with the file itself, which is the likelier reason.
  if (finding && !options.despiteFindings) throw unverified(finding);
  const { manifest, events } = reader;
  if (!manifest) throw new Problem('backup-foreign', { file });
  return {
    manifest,
    events,
    streams: check?.streams ?? 0,
    contiguous: manifest.log.contiguous,
    head: BigInt(manifest.log.head),
    read: () => eventsOf(file, new BackupReader(file)),
  };
}

async function* eventsOf(file: string, reader: BackupReader): AsyncGenerator<RecordedEvent> {
  const source = createReadStream(file);
  const text = createGunzip();
  const piped = pipeline(source, text).catch(() => undefined);
  try {
    yield* reader.read(text);
  } catch (error) {
    throw readProblem(error, file, reader);
  } finally {
    source.destroy();
    text.destroy();
    await piped;
  }
}

function readProblem(error: unknown, file: string, reader: BackupReader): unknown {
  switch (codeOf(error)) {
    case 'Z_BUF_ERROR':
      return reader.cutOff();
    case 'Z_DATA_ERROR':
      // Without a line there was not even the head of a compressed file.
      return reader.manifest
        ? reader.changed('the compressed data are damaged')
        : new Problem('backup-foreign', { file });
    default:
      return error instanceof Problem || codeOf(error) === undefined
        ? error
        : new Problem('backup-unreadable', { file, reason: codeOf(error) ?? '' });
  }
}

/** So that the name survives a power cut too. Not every system can do that to a folder. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

/** What the file system said, in words for who asked for the backup. */
export function asProblem(error: unknown, file: string): unknown {
  const code = codeOf(error);
  if (code === undefined || !/^E[A-Z]+$/.test(code)) return error;
  if (['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code))
    return new Problem('disk-full', { folder: dirname(file) });
  return ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'ENOENT', 'EISDIR', 'ENAMETOOLONG', 'EIO'].includes(code)
    ? new Problem('backup-unwritable', { file, reason: code })
    : error;
}

function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}
