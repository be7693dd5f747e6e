import { execFile } from 'node:child_process';
import { mkdtemp, open, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CHUNK = Buffer.alloc(65_536);

/** A file system of its own, in memory, that can be filled to the last byte. */
export class SmallDisk {
  private constructor(readonly path: string) {}

  /** @throws where this user may not mount one */
  static async mount(megabytes: number): Promise<SmallDisk> {
    const path = await mkdtemp(join(tmpdir(), 'motcua-disk-'));
    await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0755`, 'motcua-test', path]);
    return new SmallDisk(path);
  }

  /** Takes up room until only so much is left. */
  async fill(leave = 0): Promise<void> {
    const file = await open(this.ballast, 'a');
    try {
      for (;;) {
        const { bavail, bsize } = await statfs(this.path);
        const room = bavail * bsize - leave;
        if (room < bsize) return;
        await file.write(CHUNK.subarray(0, Math.min(room, CHUNK.length)));
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    } finally {
      await file.close();
    }
  }

  /** Gives back all that `fill` took. */
  async clear(): Promise<void> {
    await rm(this.ballast, { force: true });
  }

  async unmount(): Promise<void> {
    // Lazily: the last process of a server may still be ending.
    await run('umount', ['--lazy', this.path]);
    await rm(this.path, { recursive: true, force: true });
  }

  private get ballast(): string {
    return join(this.path, 'ballast');
  }
}
