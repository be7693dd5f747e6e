import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readLog } from './read-log.js';
import type { LogRecord } from './record.js';

const LOG = `<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1.0"><string key="concept:name" value="the log"/>
<trace><string key="concept:name" value="hồ sơ 1"><string key="inner" value="left out"/></string>
<event><string key="concept:name" value="A &amp; B"/><date key="time:timestamp" value="2011-01-01T00:00:00.000+01:00"/></event>
<event><string value="without key"/></event>
<event><list key="l"><values><string key="x" value="left out"/></values></list><int key="n" value="7"/></event></trace>
<trace><string key="concept:name" value="empty"/></trace>
</log>`;

const RECORDS: LogRecord[] = [
  {
    row: 1,
    fields: new Map([
      ['case:concept:name', 'hồ sơ 1'],
      ['concept:name', 'A & B'],
      ['time:timestamp', '2011-01-01T00:00:00.000+01:00'],
    ]),
  },
  { row: 2, refused: '<string> without key on line 5' },
  {
    row: 3,
    fields: new Map([
      ['case:concept:name', 'hồ sơ 1'],
      ['n', '7'],
    ]),
  },
  { row: 4, refused: 'a trace without an event ends on line 7' },
];

describe('an XES log', () => {
  it('is read as a CSV export would name it, packed or not, however it comes in', async () => {
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.integer({ min: 1, max: 400 }), async (packed, size) => {
        const bytes = Buffer.from(LOG);
        expect(await read(packed ? gzipSync(bytes) : bytes, size)).toEqual(RECORDS);
      }),
    );
  });

  it('is read in the encoding that it declares', async () => {
    const latin = Buffer.from(LOG.replace('UTF-8', 'ISO-8859-1').replace('hồ sơ', 'Gesch\u00e4ft'), 'latin1');
    const [first] = await read(latin, 1_000);
    expect(first && 'fields' in first && first.fields.get('case:concept:name')).toBe('Gesch\u00e4ft 1');
  });

  it('that is cut off anywhere gives what came before, and one broken row', async () => {
    const bytes = Buffer.from(LOG);
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.integer({ min: 20, max: bytes.length - 1 }),
        async (packed, length) => {
          // Not pressed, so that as much comes out as goes in; 15 bytes come before it.
          const cut = packed
            ? gzipSync(bytes, { level: 0 }).subarray(0, 15 + length)
            : bytes.subarray(0, length);
          const records = await read(cut, 64);
          expect(records.at(-1)).toEqual({ row: records.length, refused: expect.any(String), broken: true });
          expect(records.slice(0, -1)).toEqual(RECORDS.slice(0, records.length - 1));
        },
      ),
    );
  });

  it.each([
    ['another root', '<html></html>', 'its root is <html>, not <log>'],
    ['tags that do not match', '<log><trace><event></trace></log>', 'unexpected close tag'],
    [
      'an encoding nobody knows',
      '<?xml version="1.0" encoding="x-no"?><log/>',
      'the encoding x-no is not known',
    ],
  ])('with %s is broken', async (_, text, reason) => {
    expect(await read(Buffer.from(text), 1_000)).toEqual([
      { row: 1, refused: expect.stringContaining(reason), broken: true },
    ]);
  });
});

async function read(bytes: Buffer, size: number): Promise<LogRecord[]> {
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += size)
      yield await Promise.resolve(bytes.subarray(at, at + size));
  };
  const list: LogRecord[] = [];
  const file = { name: 'log', bytes: chunks };
  for await (const record of readLog(file, { delimiter: ',', required: [] })) list.push(record);
  return list;
}
