import { Readable, Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { dueCommand, runDue, type DueOptions } from './due.command.js';

const hours = [
  ['07:00', '11:30'],
  ['13:30', '17:00'],
];
const inline = {
  zone: 'Asia/Ho_Chi_Minh',
  startRule: 'immediate',
  week: { mon: hours, tue: hours, wed: hours },
};
const vn = { calendar: 'config/calendars/vn.json' };
const tenDays = { start: '2024-02-05T10:00:00+07:00', limit: { value: 10, unit: 'working_day' } };

async function answers(chunks: Iterable<string | Buffer>, options: DueOptions): Promise<unknown[]> {
  let text = '';
  const output = new Writable({
    highWaterMark: 10,
    write(chunk, _encoding, done) {
      text += String(chunk);
      setImmediate(done);
    },
  });
  await runDue(Readable.from(chunks, { objectMode: false }), output, options);
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}
const lines = (...values: unknown[]) => [values.map((value) => JSON.stringify(value)).join('\n')];

describe('due', () => {
  it('answers a limit with its due instant and a span with its working seconds', async () => {
    const span = { id: 'b', from: '2024-02-05T10:00:00+07:00', to: '2024-02-06T10:00:00+07:00' };
    expect(await answers(lines({ id: 'a', ...tenDays }, span), vn)).toEqual([
      { id: 'a', due: '2024-02-26T03:00:00.000Z' },
      { id: 'b', workingSeconds: 28_800 },
    ]);
  });

  it('leaves out pauses', async () => {
    const pauses = [{ from: '2024-02-06T07:00:00+07:00', to: '2024-02-07T07:00:00+07:00' }];
    expect(await answers(lines({ id: 1, ...tenDays, pauses }), vn)).toEqual([
      { id: 1, due: '2024-02-27T03:00:00.000Z' },
    ]);
  });

  it('takes a calendar that a line brings along', async () => {
    const line = {
      id: 1,
      start: '2024-03-06T16:00:00+07:00',
      limit: { value: 2, unit: 'working_hour' },
      calendar: inline,
    };
    const due = '2024-03-11T01:00:00.000Z';
    expect(await answers(lines(line, { ...line, id: 2 }), vn)).toEqual([
      { id: 1, due },
      { id: 2, due },
    ]);
  });

  it('explains what was counted and what was left out', async () => {
    const line = { id: 1, start: '2024-02-07T10:00:00+07:00', limit: { value: 5, unit: 'working_hour' } };
    const off = (date: string) => ({ date, why: 'day_off' });
    expect(await answers(lines(line), { ...vn, explain: true })).toEqual([
      {
        id: 1,
        due: '2024-02-15T07:00:00.000Z',
        counted: [
          { from: '2024-02-15T00:00:00.000Z', to: '2024-02-15T04:30:00.000Z', seconds: 16_200 },
          { from: '2024-02-15T06:30:00.000Z', to: '2024-02-15T07:00:00.000Z', seconds: 1800 },
        ],
        leftOut: [
          { date: '2024-02-07', why: 'start_day' },
          ...[
            '2024-02-08',
            '2024-02-09',
            '2024-02-10',
            '2024-02-11',
            '2024-02-12',
            '2024-02-13',
            '2024-02-14',
          ].map(off),
        ],
      },
    ]);
  });

  it('explains days of the wall clock and the days off they moved over', async () => {
    const line = { id: 1, start: '2024-03-07T10:00:00+07:00', limit: { value: 2, unit: 'day' } };
    expect(await answers(lines(line), { ...vn, explain: true })).toEqual([
      {
        id: 1,
        due: '2024-03-11T03:00:00.000Z',
        counted: [
          { from: '2024-03-07T03:00:00.000Z', to: '2024-03-08T03:00:00.000Z', seconds: 86_400 },
          { from: '2024-03-08T03:00:00.000Z', to: '2024-03-09T03:00:00.000Z', seconds: 86_400 },
        ],
        leftOut: [
          { date: '2024-03-09', why: 'weekend' },
          { date: '2024-03-10', why: 'weekend' },
        ],
      },
    ]);
  });

  it('explains working seconds, with the day that was paused', async () => {
    const pauses = [{ from: '2024-03-05T00:00:00+07:00', to: '2024-03-06T00:00:00+07:00' }];
    const line = { id: 1, from: '2024-03-04T18:00:00+07:00', to: '2024-03-06T08:00:00+07:00', pauses };
    expect(await answers(lines(line), { ...vn, explain: true })).toEqual([
      {
        id: 1,
        workingSeconds: 3600,
        counted: [{ from: '2024-03-06T00:00:00.000Z', to: '2024-03-06T01:00:00.000Z', seconds: 3600 }],
        leftOut: [
          { date: '2024-03-04', why: 'after_hours' },
          { date: '2024-03-05', why: 'pause' },
        ],
      },
    ]);
  });

  it('answers a wrong line with what is wrong, and goes on', async () => {
    const deep = `{"id":7,"start":"x","calendar":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
    const wrong = [
      'nonsense',
      '[]',
      '{"id":1}',
      '{"id":2,"start":"2024-02-05T10:00:00","limit":{"value":1,"unit":"day"}}',
      '{"id":3,"start":"2024-02-05T10:00:00Z"}',
      '{"id":4,"start":"2024-02-05T10:00:00Z","limit":{"value":1,"unit":"week"}}',
      '{"id":5,"start":"2024-02-05T10:00:00Z","limit":{"value":1,"unit":"day"},"pauses":[3]}',
      '{"id":6,"start":"2024-02-05T10:00:00Z","limit":{"value":1,"unit":"day"},"calendar":{"zone":"X"}}',
      '{"id":{},"start":"2024-02-05T10:00:00Z"}',
      deep,
    ];
    const answered = await answers([[...wrong, JSON.stringify({ id: 9, ...tenDays })].join('\n')], vn);
    expect(answered.slice(0, -1)).toEqual([
      { id: null, error: 'the line is not JSON' },
      { id: null, error: 'the line must be a JSON object' },
      { id: 1, error: 'give start and limit, or from and to' },
      { id: 2, error: expect.stringContaining('start is not an instant with an offset') },
      { id: 3, error: 'limit must be a JSON object' },
      { id: 4, error: expect.stringContaining('limit.unit must be one of') },
      { id: 5, error: 'a pause must be a JSON object' },
      { id: 6, error: expect.stringContaining('week must be an object') },
      { id: null, error: 'id must be a string or a number' },
      { id: expect.anything(), error: expect.any(String) },
    ]);
    expect(answered.at(-1)).toMatchObject({ id: 9, due: '2024-02-26T03:00:00.000Z' });
  });

  it('says so where there is no calendar', async () => {
    const error = 'no calendar: give --calendar FILE, or "calendar" in the line';
    expect(await answers(lines({ id: 1, ...tenDays }), {})).toEqual([{ id: 1, error }]);
  });

  it('skips blank lines and takes lines cut anywhere, with either line end', async () => {
    const text = Buffer.from(`\uFEFF\n${JSON.stringify({ id: 'đã nhận', ...tenDays })}\r\n\r\n  \n`);
    const cut = Array.from({ length: text.length }, (_, n) => text.subarray(n, n + 1));
    expect(await answers(cut, vn)).toEqual([{ id: 'đã nhận', due: '2024-02-26T03:00:00.000Z' }]);
  });

  it('answers any number of lines, in order, to a slow reader', async () => {
    const many = Array.from({ length: 5000 }, (_, id) => `${JSON.stringify({ id, ...tenDays })}\n`);
    const answered = await answers(many, vn);
    expect(answered).toEqual(many.map((_, id) => ({ id, due: '2024-02-26T03:00:00.000Z' })));
  });

  it.each([
    ['no/such/file.json', /^calendar no\/such\/file\.json: ENOENT[^\n]*$/],
    ['config/calendars/vn-days.csv', /^calendar config\/calendars\/vn-days\.csv: [^\n]+$/],
    ['package.json', /^calendar package\.json: calendar has an unknown member "name"[^\n]+$/],
  ])('refuses the calendar file %s in one line', async (calendar, message) => {
    await expect(answers([], { calendar })).rejects.toThrow(message);
  });

  it('ends with code 1 and one line on standard error for a wrong calendar file', async () => {
    let written = '';
    const command = dueCommand()
      .exitOverride()
      .configureOutput({ writeErr: (text) => (written += text) });
    const run = command.parseAsync(['--calendar', 'no/such/file.json'], { from: 'user' });
    await expect(run).rejects.toMatchObject({ exitCode: 1 });
    expect(written).toMatch(/^error: calendar no\/such\/file\.json: [^\n]+\n$/);
  });
});
