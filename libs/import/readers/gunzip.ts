import { setImmediate } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { BrokenFile, type Bytes } from './record.js';

/** So little at once that even a bomb of zeros gives no more than some 16 MB at a time. */
const STEP = 16 * 1024;

/**
 * Unpacks as it goes.
 * @throws BrokenFile where the file is cut off or damaged, after everything before that has been yielded
 */
export async function* gunzip(packed: Bytes): AsyncGenerator<Uint8Array> {
  const unpacker = createGunzip();
  const ready: Uint8Array[] = [];
  let failure: Error | undefined;
  // Always flowing, with the brake on the input: what a paused stream holds is lost when it fails.
  unpacker.on('data', (chunk: Uint8Array) => ready.push(chunk));
  unpacker.on('error', (error) => (failure = error));
  // It flows from the next turn on.
  await setImmediate();
  try {
    for await (const chunk of packed) {
      for (let at = 0; at < chunk.length && !failure; at += STEP) {
        await new Promise((done) => unpacker.write(chunk.subarray(at, at + STEP), done));
        yield* ready.splice(0);
      }
      if (failure) break;
    }
    if (!failure) {
      await new Promise<void>((done) => {
        unpacker.once('end', done).once('error', () => done());
        unpacker.end();
      });
    }
    yield* ready.splice(0);
  } finally {
    unpacker.destroy();
  }
  if (failure) throw new BrokenFile(`the gzip data is cut off or damaged (${failure.message})`);
}
