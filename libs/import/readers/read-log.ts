import { createHash } from 'node:crypto';
import { gunzip } from './gunzip.js';
import { readCsv } from './csv.js';
import { readXes } from './xes.js';
import { BrokenFile, type Bytes, type LogRecord } from './record.js';

/** Enough to tell what a file is. */
const HEAD = 256;

/** A file that can be read more than once. */
export interface LogFile {
  /** Without its folder. */
  readonly name: string;
  bytes(): Bytes;
}

/** SHA-256 of a file, read in a stream. */
export async function hashOf(file: LogFile): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of file.bytes()) hash.update(chunk);
  return hash.digest('hex');
}

export interface ReadLogOptions {
  /** Of CSV. */
  readonly delimiter: string;
  /** Columns that a CSV must have. */
  readonly required: readonly string[];
  /** Called with the number of bytes of the file read so far. */
  readonly onRead?: ((bytes: number) => void) | undefined;
}

/**
 * The rows of a log: CSV or XES, packed with gzip or not, told by the content and not by the name. Memory does not
 * grow with the file.
 * @throws Problem `import-header`; what the file throws if it cannot be read at all
 */
export async function* readLog(file: LogFile, options: ReadLogOptions): AsyncGenerator<LogRecord> {
  const { head, bytes } = await peek(counted(file.bytes(), options.onRead));
  const packed = head[0] === 0x1f && head[1] === 0x8b;
  const content = await peek(packed ? gunzip(bytes) : bytes);
  const start = Buffer.from(content.head.subarray(0, HEAD)).toString('latin1');
  if (/^(\u00ef\u00bb\u00bf)?\s*</.test(start)) yield* readXes(content.bytes);
  else yield* readCsv(content.bytes, options.delimiter, options.required);
}

async function* counted(bytes: Bytes, onRead: ReadLogOptions['onRead']): AsyncGenerator<Uint8Array> {
  let count = 0;
  for await (const chunk of bytes) {
    yield chunk;
    count += chunk.length;
    onRead?.(count);
  }
}

/** The first bytes, and all bytes with them. A file broken before its first byte comes out when it is read. */
async function peek(
  bytes: AsyncGenerator<Uint8Array>,
): Promise<{ head: Uint8Array; bytes: AsyncGenerator<Uint8Array> }> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  let failure: BrokenFile | undefined;
  try {
    while (length < HEAD) {
      const next = await bytes.next();
      if (next.done) break;
      chunks.push(next.value);
      length += next.value.length;
    }
  } catch (error) {
    if (!(error instanceof BrokenFile)) throw error;
    failure = error;
  }
  const head = Buffer.concat(chunks);
  return { head, bytes: rejoin(head, bytes, failure) };
}

async function* rejoin(
  head: Uint8Array,
  rest: AsyncGenerator<Uint8Array>,
  failure: BrokenFile | undefined,
): AsyncGenerator<Uint8Array> {
  try {
    if (head.length > 0) yield head;
    if (failure) throw failure;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}
