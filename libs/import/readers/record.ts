/** One row of a log, or why it cannot be read. */
export type LogRecord = ReadableRecord | UnreadableRecord;

export interface ReadableRecord {
  /** CSV: number of the line it begins on. XES: number of the event in the file. Both count from 1. */
  readonly row: number;
  readonly fields: ReadonlyMap<string, string>;
}

export interface UnreadableRecord {
  readonly row: number;
  readonly refused: string;
  /** Nothing after this row can be read: the file is cut off or damaged. */
  readonly broken?: true;
}

export type Bytes = AsyncIterable<Uint8Array>;

/** The file ends or stops making sense in the middle of something. What came before it has been given out. */
export class BrokenFile extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'BrokenFile';
  }
}
