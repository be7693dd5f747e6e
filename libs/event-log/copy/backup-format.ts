import { createHash } from 'node:crypto';
import { Problem } from '#libs/problem/problem.js';
import type { RecordedEvent } from '../event-log.js';

/**
 * A backup is JSON lines, each an object with one member that says what it is: `manifest` first, then `event`s in
 * the order of the log, last `end` with their number and the SHA-256 of all lines before it. What else may have to be
 * kept one day (keys of persons) gets lines of a kind of its own, named in `sections`: a version that does not know
 * one of them refuses the file rather than leave it out.
 */
export interface Manifest {
  readonly format: 'motcua-backup';
  readonly version: number;
  readonly createdAt: string;
  readonly sections: readonly string[];
  readonly log: { readonly engine: string; readonly contiguous: boolean; readonly head: string };
}

export const BACKUP_VERSION = 1;
const SECTIONS = ['event'];
const LONGEST_MANIFEST = 65_536;
const LONGEST_LINE = 64 * 1024 * 1024;
/** Lines are passed on together. */
const CHUNK = 65_536;

/** The lines of a backup, in pieces of some size. */
export async function* backupText(
  about: Pick<Manifest, 'createdAt' | 'log'>,
  events: AsyncIterable<RecordedEvent>,
): AsyncGenerator<string> {
  const digest = createHash('sha256');
  const manifest: Manifest = {
    format: 'motcua-backup',
    version: BACKUP_VERSION,
    createdAt: about.createdAt,
    sections: SECTIONS,
    log: about.log,
  };
  let text = `${JSON.stringify({ manifest })}\n`;
  let count = 0;
  for await (const { position, revision, ...event } of events) {
    const numbers = { position: position.toString(), revision: revision.toString() };
    text += `${JSON.stringify({ event: { ...event, ...numbers } })}\n`;
    count += 1;
    if (text.length < CHUNK) continue;
    digest.update(text);
    yield text;
    text = '';
  }
  digest.update(text);
  const end = { events: count, sha256: digest.digest('hex') };
  yield `${text}${JSON.stringify({ end })}\n`;
}

/** Reads the events of a backup; when it ends without an error, nothing was missing and nothing had been changed. */
export class BackupReader {
  private digest = createHash('sha256');
  private line = 0;
  manifest: Manifest | undefined;
  events = 0;

  /** @param file what to call it in a problem */
  constructor(private readonly file: string) {}

  /** @throws Problem `backup-foreign`, `backup-newer`, `backup-cut-off`, `backup-changed` */
  async *read(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<RecordedEvent> {
    let ended = false;
    for await (const line of this.lines(chunks)) {
      if (ended) throw this.changed('something follows the closing line');
      this.line += 1;
      if (this.line === 1) {
        this.manifest = this.manifestOf(line);
      } else {
        const entry = this.parse(line);
        if (entry.end) {
          this.checkEnd(entry.end);
          ended = true;
          continue;
        }
        yield this.eventOf(entry.event);
        this.events += 1;
      }
      this.digest.update(line).update('\n');
    }
    if (!ended) throw this.cutOff();
  }

  cutOff(): Problem {
    return this.line === 0
      ? new Problem('backup-foreign', { file: this.file })
      : new Problem('backup-cut-off', { file: this.file, lines: this.line });
  }

  changed(reason: string): Problem {
    return new Problem('backup-changed', { file: this.file, line: this.line, reason });
  }

  private async *lines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of chunks) {
      const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = parts.pop() ?? '';
      if (rest.length > (this.line === 0 ? LONGEST_MANIFEST : LONGEST_LINE)) {
        throw this.line === 0
          ? new Problem('backup-foreign', { file: this.file })
          : this.changed('a line has no end');
      }
      yield* parts;
    }
    // A last line without its end was cut off in the middle.
    if (rest !== '') throw this.cutOff();
  }

  private manifestOf(line: string): Manifest {
    let manifest: Manifest | undefined;
    try {
      manifest = (JSON.parse(line) as { manifest?: Manifest }).manifest;
    } catch {
      manifest = undefined;
    }
    if (manifest?.format !== 'motcua-backup') throw new Problem('backup-foreign', { file: this.file });
    const { version, sections } = manifest;
    if (version !== BACKUP_VERSION || sections.some((name) => !SECTIONS.includes(name))) {
      const found = `format ${version} (${sections.join(', ')})`;
      const known = `format ${BACKUP_VERSION} (${SECTIONS.join(', ')})`;
      throw new Problem('backup-newer', { file: this.file, found, known });
    }
    return manifest;
  }

  private parse(line: string): { event?: StoredEvent; end?: { events: number; sha256: string } } {
    try {
      return JSON.parse(line) as ReturnType<BackupReader['parse']>;
    } catch {
      throw this.changed('it is not JSON');
    }
  }

  private eventOf(event: StoredEvent | undefined): RecordedEvent {
    const number = /^\d{1,19}$/;
    if (!event || !number.test(event.position) || !number.test(event.revision))
      throw this.changed('it is not an event');
    return { ...event, position: BigInt(event.position), revision: BigInt(event.revision) };
  }

  private checkEnd({ events, sha256 }: { events: number; sha256: string }): void {
    if (events !== this.events)
      throw this.changed(`the file holds ${this.events} events and states ${events}`);
    if (sha256 !== this.digest.digest('hex')) throw this.changed('the digest of the file is another');
  }
}

type StoredEvent = Omit<RecordedEvent, 'position' | 'revision'> & {
  readonly position: string;
  readonly revision: string;
};
