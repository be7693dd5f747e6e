import { type CsvError, parse } from 'csv-parse/sync';
import { Problem } from '#libs/problem/problem.js';
import { type Line, MAX_RECORD_BYTES, readLines } from './lines.js';
import type { Bytes, LogRecord } from './record.js';

/** A record with line ends inside quotes may go over so many lines; an open quote costs no more than that. */
const MAX_RECORD_LINES = 256;

type TextLine = Extract<Line, { text: string }>;

/**
 * Reads CSV (RFC 4180) with a header, in UTF-8. A quote that is never closed spoils its own line only: the lines
 * after it are read as if it were not there.
 * @throws Problem `import-header` if the first line is not a header with all of `required`
 */
export async function* readCsv(
  bytes: Bytes,
  delimiter: string,
  required: readonly string[],
): AsyncGenerator<LogRecord> {
  const lines = new Lookahead(readLines(bytes));
  const columns = header(await lines.shift(), delimiter, required);
  for (let line = await lines.shift(); line; line = await lines.shift()) {
    if (!('text' in line)) {
      yield { row: line.number, refused: line.refused, ...(line.broken ? { broken: true } : {}) };
    } else if (line.text !== '') {
      yield await record(line, lines, columns, delimiter);
    }
  }
}

async function record(
  first: TextLine,
  lines: Lookahead,
  columns: readonly string[],
  delimiter: string,
): Promise<LogRecord> {
  let text = first.text;
  let more = 0;
  for (let open = hasOddQuotes(text); open; more++) {
    const next =
      more < MAX_RECORD_LINES && text.length < MAX_RECORD_BYTES ? await lines.peek(more) : undefined;
    if (!next || !('text' in next)) return { row: first.number, refused: 'a quote is opened and not closed' };
    text += `\n${next.text}`;
    open = !hasOddQuotes(next.text);
  }
  const values = split(text, delimiter);
  // Several lines that make no record together: the first is wrong, and the others are read again by themselves.
  if (typeof values === 'string') return { row: first.number, refused: values };
  if (values.length !== columns.length) {
    return { row: first.number, refused: `${values.length} columns where the header has ${columns.length}` };
  }
  lines.drop(more);
  return { row: first.number, fields: new Map(columns.map((name, index) => [name, values[index] ?? ''])) };
}

function hasOddQuotes(text: string): boolean {
  let odd = false;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) odd = !odd;
  return odd;
}

/** The values, or what is wrong. */
function split(text: string, delimiter: string): string[] | string {
  // Without a quote there is nothing to parse, and most rows of a large log are so.
  if (!text.includes('"')) return text.split(delimiter);
  try {
    return parse(text, { delimiter, relax_column_count: true, record_delimiter: '\0' })[0] ?? [];
  } catch (error) {
    return `wrong quotes (${(error as CsvError).code})`;
  }
}

function header(line: Line | undefined, delimiter: string, required: readonly string[]): string[] {
  if (!line) throw new Problem('import-header', { reason: 'the file is empty' });
  const names = 'text' in line ? split(line.text, delimiter) : line.refused;
  if (typeof names === 'string') throw new Problem('import-header', { reason: names });
  const columns = names.map((name) => name.trim());
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twice !== undefined) throw new Problem('import-header', { reason: `column "${twice}" is there twice` });
  const missing = required.filter((name) => !columns.includes(name));
  if (missing.length > 0) {
    throw new Problem('import-header', {
      reason: `no column ${missing.map((name) => `"${name}"`).join(', ')}; the file has ${columns.join(', ').slice(0, 1_000)}`,
    });
  }
  return columns;
}

/** Lines with a look at those to come. */
class Lookahead {
  private readonly seen: Line[] = [];

  constructor(private readonly source: AsyncIterator<Line>) {}

  async shift(): Promise<Line | undefined> {
    await this.peek(0);
    return this.seen.shift();
  }

  async peek(index: number): Promise<Line | undefined> {
    while (this.seen.length <= index) {
      const next = await this.source.next();
      if (next.done) return undefined;
      this.seen.push(next.value);
    }
    return this.seen[index];
  }

  drop(count: number): void {
    this.seen.splice(0, count);
  }
}
