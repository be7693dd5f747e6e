import { existsSync, readFileSync, truncateSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { StoredEvent } from './event.js';

/** One append: all of its events, and where the next record goes. */
export interface JournalEntry {
  readonly events: readonly StoredEvent[];
  readonly next: number;
}

export interface Journal {
  /** What was written before. */
  entries(): Iterable<JournalEntry>;
  /** Resolves when the entry survives a kill. */
  write(entry: JournalEntry): Promise<void>;
  close(): Promise<void>;
}

export const inMemory: Journal = {
  entries: () => [],
  write: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

/** A line of JSON for each append; one fsync for all that came while the last one was under way. */
export class FileJournal implements Journal {
  private waiting: { line: string; done: () => void; failed: (error: unknown) => void }[] = [];
  private flushing: Promise<void> | undefined;

  private constructor(
    private readonly path: string,
    private readonly file: FileHandle,
  ) {}

  /** A last line that a kill cut off is cut away: it was never acknowledged. */
  static async open(path: string): Promise<FileJournal> {
    if (existsSync(path)) {
      const bytes = readFileSync(path);
      truncateSync(path, bytes.lastIndexOf(0x0a) + 1);
    }
    return new FileJournal(path, await open(path, 'a'));
  }

  *entries(): Iterable<JournalEntry> {
    for (const line of readFileSync(this.path, 'utf8').split('\n')) {
      if (line !== '') yield JSON.parse(line, revive) as JournalEntry;
    }
  }

  write(entry: JournalEntry): Promise<void> {
    return new Promise((done, failed) => {
      this.waiting.push({ line: `${JSON.stringify(entry, replace)}\n`, done, failed });
      this.flushing ??= this.flush();
    });
  }

  async close(): Promise<void> {
    await this.flushing;
    await this.file.close();
  }

  private async flush(): Promise<void> {
    while (this.waiting.length > 0) {
      const group = this.waiting;
      this.waiting = [];
      try {
        await this.file.appendFile(group.map(({ line }) => line).join(''));
        await this.file.datasync();
        for (const { done } of group) done();
      } catch (error) {
        for (const { failed } of group) failed(error);
      }
    }
    this.flushing = undefined;
  }
}

function replace(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return { ticks: String(value) };
  if (!ArrayBuffer.isView(value)) return value;
  return { base64: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64') };
}

function revive(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('base64' in value) return new Uint8Array(Buffer.from(String(value.base64), 'base64'));
  return 'ticks' in value ? BigInt(String(value.ticks)) : value;
}
