import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import type { LogFile } from './readers/read-log.js';

/** A log on disk. Reading it throws what the file system says. */
export function logFile(path: string): LogFile {
  return { name: basename(path), bytes: () => createReadStream(path) };
}
