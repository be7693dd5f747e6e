import { gzipSync } from 'node:zlib';
import { mulberry32 } from './random.js';

/** The same log twice. Lines that are no CSV are in the CSV only: XES knows no such thing. */
export interface DirtyLog {
  readonly csv: Buffer;
  readonly xesGz: Buffer;
  /** What is in it, counted while it was made. */
  readonly truth: {
    readonly dossiers: number;
    /** Good rows, repeated ones among them. */
    readonly rows: number;
    readonly repeated: number;
    /** Rows with a value that cannot be read. */
    readonly badValues: number;
    /** Lines that are no CSV. */
    readonly badLines: number;
    readonly endedBeforeAccepted: number;
    readonly withStepAfterEnd: number;
    readonly withStepBeforeAccepted: number;
    readonly open: number;
  };
}

const CASE_COLUMNS = [
  'case:concept:name',
  'case:channel',
  'case:startdate',
  'case:deadline',
  'case:enddate',
  'case:responsible',
] as const;
const EVENT_COLUMNS = ['concept:instance', 'concept:name', 'org:resource', 'time:timestamp'] as const;
const COLUMNS = [...CASE_COLUMNS, ...EVENT_COLUMNS];
type Row = Record<(typeof COLUMNS)[number], string>;

const CHANNELS = ['Internet', 'Internet', 'Internet', 'Desk', 'Post', 'e-mail', 'carrier pigeon'];
const ACTIVITIES = [
  'Confirmation of receipt',
  'Check, confirm',
  'Draft "request"',
  'Thẩm định',
  'Send advice',
];
const NOT_CSV = [
  Buffer.from('case-x,Internet,too few\r\n'),
  Buffer.from('case-x,"never closed,2011,,,,,,\r\n'),
  Buffer.from([0x63, 0x61, 0x73, 0xe9, 0x2c, 0x0d, 0x0a]),
];
const HOUR = 3_600_000;
const START = Date.parse('2010-10-04T06:00:00Z');

/** A small log with the shape and the dirt of a real one; the same seed gives the same bytes. */
export function makeDirtyLog(seed = 1, dossiers = 200): DirtyLog {
  const random = mulberry32(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const truth = { dossiers, rows: 0, repeated: 0, badValues: 0, badLines: 0 };
  const shape = { endedBeforeAccepted: 0, withStepAfterEnd: 0, withStepBeforeAccepted: 0, open: 0 };
  const all: Row[][] = [];
  const lines: Buffer[] = [Buffer.from(`${COLUMNS.join(',')}\r\n`)];

  for (let number = 0; number < dossiers; number++) {
    const dirt = number % 20;
    const start = START + below(470 * 24) * HOUR + below(HOUR);
    const end = dirt === 3 ? null : dirt === 7 ? start - HOUR : start + (2 + below(2_000)) * HOUR;
    const instants = Array.from({ length: 3 + below(5) }, () => start + below(2) * HOUR + below(HOUR));
    if (dirt === 11 && end !== null) instants.push(end + 30 * HOUR);
    if (dirt === 13) instants.push(start - 5 * HOUR);
    shape.open += count(end === null);
    shape.endedBeforeAccepted += count(end !== null && end < start);
    shape.withStepAfterEnd += count(end !== null && instants.some((instant) => instant > end));
    shape.withStepBeforeAccepted += count(instants.some((instant) => instant < start));

    const code = `hồ-sơ ${number}`;
    const rows = instants.map((instant, index): Row => ({
      // The same name, composed in one row and decomposed in the next.
      'case:concept:name': dirt === 5 && index % 2 === 1 ? code.normalize('NFD') : code,
      'case:channel': CHANNELS[number % CHANNELS.length] ?? '',
      'case:startdate': dutch(start),
      'case:deadline': dutch(start + 56 * 24 * HOUR),
      'case:enddate': end === null ? '' : dutch(end),
      'case:responsible': `Resource${number % 7}`,
      'concept:instance': `task-${number}-${index}`,
      'concept:name': ACTIVITIES[below(ACTIVITIES.length)] ?? '',
      'org:resource': `Resource${below(30)}`,
      'time:timestamp': dutch(instant),
    }));
    truth.rows += rows.length;
    const [first] = rows;
    if (first && dirt === 9) {
      rows.push(first);
      truth.rows++;
      truth.repeated++;
    }
    if (first && dirt === 15) {
      rows.push(
        { ...first, 'time:timestamp': '2011-02-30 10:00:00+01:00' },
        { ...first, 'case:concept:name': ' ' },
      );
      truth.badValues += 2;
    }
    all.push(rows);
    lines.push(...rows.map((row) => Buffer.from(`${COLUMNS.map((name) => quote(row[name])).join(',')}\r\n`)));
    if (dirt === 17) {
      lines.push(...NOT_CSV);
      truth.badLines += NOT_CSV.length;
    }
  }
  return { csv: Buffer.concat(lines), xesGz: gzipSync(xes(all)), truth: { ...truth, ...shape } };
}

function xes(dossiers: readonly Row[][]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<!-- synthetic -->
<log xes.version="1.0"><extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<global scope="event"><string key="concept:name" value="none"/></global>
<string key="concept:name" value="dirty &amp; small"/>
${dossiers.flatMap(traces).join('\n')}
</log>
`;
}

/** A trace has one name: rows under another spelling, or under none, are a trace of their own. */
function traces(rows: readonly Row[]): string[] {
  const names = [...new Set(rows.map((row) => row['case:concept:name']))];
  return names.map((name) => {
    const own = rows.filter((row) => row['case:concept:name'] === name);
    const attributes = own
      .slice(0, 1)
      .flatMap((row) => CASE_COLUMNS.map((key) => attribute(key.slice(5), row[key])));
    const events = own.map(
      (row) => `<event>${EVENT_COLUMNS.map((key) => attribute(key, row[key])).join('')}</event>`,
    );
    return `<trace>\n${[...attributes, ...events].join('\n')}\n</trace>`;
  });
}

function attribute(key: string, value: string): string {
  if (value === '') return '';
  const type = /timestamp|date$|deadline/.test(key) ? 'date' : 'string';
  const escaped = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
  return `<${type} key="${key}" value="${escaped}"/>`;
}

function quote(value: string): string {
  return /[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** As pm4py writes it: a space, microseconds, the offset of Amsterdam's winter or (roughly) summer. */
function dutch(instant: number): string {
  const month = new Date(instant).getUTCMonth();
  const hours = month >= 3 && month <= 8 ? 2 : 1;
  const local = new Date(instant + hours * HOUR).toISOString();
  return `${local.slice(0, 10)} ${local.slice(11, 23)}000+0${hours}:00`;
}

function count(condition: boolean): number {
  return condition ? 1 : 0;
}
