import { isUtf8 } from 'node:buffer';
import { BrokenFile, type Bytes } from './record.js';

/** Longest line, and longest record over several lines, in bytes. */
export const MAX_RECORD_BYTES = 1024 * 1024;

export type Line =
  | { readonly number: number; readonly text: string }
  | { readonly number: number; readonly refused: string; readonly broken?: true };

/** The lines of a file, each on its own so that one with wrong bytes spoils no other. A broken file ends in a line that says so. */
export async function* readLines(bytes: Bytes): AsyncGenerator<Line> {
  let number = 0;
  let parts: Uint8Array[] = [];
  let length = 0;
  const keep = (part: Uint8Array): void => {
    length += part.length;
    if (length <= MAX_RECORD_BYTES) parts.push(part);
  };
  const take = (): Line => {
    const line = toLine(++number, Buffer.concat(parts), length);
    parts = [];
    length = 0;
    return line;
  };
  try {
    for await (const chunk of bytes) {
      let from = 0;
      for (let to = chunk.indexOf(10); to >= 0; to = chunk.indexOf(10, from)) {
        keep(chunk.subarray(from, to));
        yield take();
        from = to + 1;
      }
      // A copy: the source may use its buffer again.
      if (from < chunk.length) keep(Uint8Array.from(chunk.subarray(from)));
    }
  } catch (error) {
    if (!(error instanceof BrokenFile)) throw error;
    yield { number: number + 1, refused: error.message, broken: true };
    return;
  }
  if (length > 0) yield take();
}

function toLine(number: number, bytes: Buffer, length: number): Line {
  if (length > MAX_RECORD_BYTES)
    return { number, refused: `the line is longer than ${MAX_RECORD_BYTES} bytes` };
  if (!isUtf8(bytes)) return { number, refused: 'the line is not UTF-8' };
  const text = bytes.toString('utf8');
  if (text.includes('\0')) return { number, refused: 'the line contains a NUL character' };
  return { number, text: (number === 1 ? text.replace(/^\uFEFF/, '') : text).replace(/\r$/, '') };
}
