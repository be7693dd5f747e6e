import { closeSync, openSync, writeSync } from 'node:fs';

/** So many are kept for the summary; a file gets them all. */
const KEPT = 10_000;

/** A list that may be longer than memory: the first entries, their number, and all of them as JSON Lines in a file. */
export class Listing<T extends object> {
  readonly first: T[] = [];
  count = 0;
  private readonly file: number | undefined;

  /** @throws what the file system says if the file cannot be written */
  constructor(path: string | undefined) {
    this.file = path === undefined ? undefined : openSync(path, 'w');
  }

  add(entry: T): void {
    this.count++;
    if (this.first.length < KEPT) this.first.push(entry);
    if (this.file !== undefined) writeSync(this.file, `${JSON.stringify(entry)}\n`);
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
  }
}
