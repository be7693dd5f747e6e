import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import { CalendarError } from '#libs/calendar/calendar-error.js';
import { LineAnswerer } from './answer-line.js';
import { readCalendar } from './read-calendar.js';

export interface DueOptions {
  /** File of the calendar for lines that bring none. */
  readonly calendar?: string;
  readonly explain?: boolean;
}

const HELP = `
Standard input is JSON Lines; each line is answered by one line:
  {"id":1,"start":"2024-02-05T10:00:00+07:00","limit":{"value":10,"unit":"working_day"},"pauses":[{"from":"…","to":"…"}]}
    gives {"id":1,"due":"…"}; units: working_second, working_minute, working_hour, working_day, day
  {"id":2,"from":"2024-02-05T10:00:00+07:00","to":"2024-02-06T10:00:00+07:00"}
    gives {"id":2,"workingSeconds":…}
A line may bring its own "calendar". A wrong line is answered {"id":…,"error":"…"}; the others go on.`;

/** `due`: due instants and working time by a calendar, without a database. */
export function dueCommand(): Command {
  const command = new Command('due')
    .description('Count due instants and working time by a calendar')
    .option('--calendar <file>', 'calendar (JSON) for lines that bring none')
    .option('--explain', 'add every interval counted and every day left out, with why')
    .addHelpText('after', HELP);
  return command.action(async (options: DueOptions) => {
    try {
      await runDue(process.stdin, process.stdout, options);
    } catch (error) {
      if (error instanceof CalendarError) command.error(`error: ${error.message}`, { exitCode: 1 });
      if (!isClosedPipe(error)) throw error;
    }
  });
}

/** Answers lines as they come, never faster than they are taken. Throws CalendarError if the calendar file is wrong. */
export async function runDue(input: Readable, output: Writable, options: DueOptions): Promise<void> {
  const calendar = options.calendar === undefined ? null : await readCalendar(options.calendar);
  const answerer = new LineAnswerer(calendar, options.explain ?? false);
  input.setEncoding('utf8');
  await pipeline(input, (chunks: AsyncIterable<string>) => answers(chunks, answerer), output, { end: false });
}

async function* answers(chunks: AsyncIterable<string>, answerer: LineAnswerer): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of chunks) {
    const lines = chunk.split('\n');
    lines[0] = rest + (lines[0] ?? '');
    rest = lines.pop() ?? '';
    const answered = answerAll(lines, answerer);
    if (answered) yield answered;
  }
  const answered = answerAll([rest], answerer);
  if (answered) yield answered;
}

function answerAll(lines: readonly string[], answerer: LineAnswerer): string {
  let answered = '';
  for (const line of lines) {
    const text = line.trim();
    if (text) answered += `${answerer.answer(text)}\n`;
  }
  return answered;
}

/** Whoever read the answers wanted no more of them, like `head`. */
function isClosedPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE';
}
