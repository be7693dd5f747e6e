import { TextDecoder } from 'node:util';
import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { BrokenFile, type Bytes, type LogRecord } from './record.js';

/** Attribute types of IEEE 1849 that hold one value; lists and containers hold none. */
const VALUES = new Set(['string', 'date', 'int', 'float', 'boolean', 'id']);

/**
 * Reads XES (IEEE 1849). Attributes of a trace are named `case:…` and those of an event go by their own name, as in
 * a CSV export of pm4py, so that one mapping fits both. Attributes of attributes are left out.
 * The XML is not read on after its first error: that is one broken record.
 */
export async function* readXes(bytes: Bytes): AsyncGenerator<LogRecord> {
  const ready: LogRecord[] = [];
  const reader = new XesReader((record) => ready.push(record));
  let failure: string | undefined;
  try {
    let decoder: TextDecoder | undefined;
    for await (const chunk of bytes) {
      decoder ??= decoderFor(chunk);
      reader.write(decode(decoder, chunk));
      yield* ready.splice(0);
    }
    reader.write(decode(decoder ?? new TextDecoder(), undefined));
    reader.close();
  } catch (error) {
    if (!(error instanceof BrokenFile)) throw error;
    failure = error.message;
  }
  yield* ready.splice(0);
  if (failure) yield { row: reader.count + 1, refused: failure, broken: true };
}

class XesReader {
  /** Records given out: events, and traces without any. */
  count = 0;
  private readonly parser = new SaxesParser({ xmlns: false, position: true });
  private readonly path: string[] = [];
  private trace = new Map<string, string>();
  private event = new Map<string, string>();
  private eventsInTrace = 0;
  private traceWrong: string | undefined;
  private wrong: string | undefined;
  /** The parser closes what `</trace>` left open and complains only then: a record waits for that complaint. */
  private held: LogRecord | undefined;

  constructor(private readonly emit: (record: LogRecord) => void) {
    this.parser.on('error', (error) => {
      if (!error.message.includes('unexpected close tag')) this.release();
      throw new BrokenFile(`the XML is broken: ${error.message}`);
    });
    this.parser.on('opentag', (tag) => this.open(tag));
    this.parser.on('closetag', (tag) => this.closed(tag.name));
  }

  write(text: string): void {
    this.parser.write(text);
    this.release();
  }

  close(): void {
    this.parser.close();
  }

  private release(): void {
    if (!this.held) return;
    this.emit(this.held);
    this.held = undefined;
    this.count++;
  }

  private open(tag: SaxesTagPlain): void {
    this.release();
    const parent = this.path.join('/');
    this.path.push(tag.name);
    if (this.path.length === 1 && tag.name !== 'log') {
      throw new BrokenFile(`the XML is not XES: its root is <${tag.name}>, not <log>`);
    }
    if (parent === 'log' && tag.name === 'trace') {
      this.trace = new Map();
      this.traceWrong = undefined;
      this.eventsInTrace = 0;
    } else if (parent === 'log/trace' && tag.name === 'event') {
      this.event = new Map();
      this.wrong = this.traceWrong;
    } else if (parent === 'log/trace') this.traceWrong ??= this.attribute(tag, this.trace, 'case:');
    else if (parent === 'log/trace/event') this.wrong ??= this.attribute(tag, this.event, '');
  }

  /** Takes the value in; what is wrong with it otherwise. */
  private attribute(tag: SaxesTagPlain, to: Map<string, string>, prefix: string): string | undefined {
    if (!VALUES.has(tag.name)) return undefined;
    const { key, value } = tag.attributes;
    if (key === undefined || value === undefined) {
      return `<${tag.name}> without ${key === undefined ? 'key' : 'value'} on line ${this.parser.line}`;
    }
    to.set(prefix + key, value);
    return undefined;
  }

  private closed(name: string): void {
    this.release();
    const path = this.path.join('/');
    this.path.pop();
    if (path === 'log/trace/event' && name === 'event') {
      this.eventsInTrace++;
      const row = this.count + 1;
      this.held =
        this.wrong === undefined
          ? { row, fields: new Map([...this.trace, ...this.event]) }
          : { row, refused: this.wrong };
    } else if (path === 'log/trace' && this.eventsInTrace === 0) {
      const row = this.count + 1;
      this.held = { row, refused: `a trace without an event ends on line ${this.parser.line}` };
    }
  }
}

function decoderFor(start: Uint8Array): TextDecoder {
  const declared = /^[^>]*encoding=["']([\w.-]+)["']/.exec(
    Buffer.from(start.subarray(0, 200)).toString('latin1'),
  );
  try {
    return new TextDecoder(declared?.[1] ?? 'utf-8', { fatal: true });
  } catch {
    throw new BrokenFile(`the encoding ${declared?.[1]} is not known; use UTF-8`);
  }
}

function decode(decoder: TextDecoder, chunk: Uint8Array | undefined): string {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
  } catch {
    throw new BrokenFile(`the text is not ${decoder.encoding.toUpperCase()}`);
  }
}
