import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseProcedures } from '#libs/procedure/procedures-csv.js';
import type { Problem } from '#libs/problem/problem.js';
import { calendarContent, PublishCalendarDto } from './calendar.dto.js';
import { unreadable } from './csv-records.js';
import { daysOffOf } from './days-file.js';
import { entriesOf, type Entry, jsonList, jsonObject, textOf, validated } from './json-file.adapter.js';
import { policyContent, PublishPolicyDto } from './policy.dto.js';
import type { LoadedCommand } from './publish-all.js';
import { PublishReminderPolicyDto, reminderPolicyContent } from './reminder-policy.dto.js';
import { PublishUnitDto, unitContent } from './unit.dto.js';

const CALENDARS = 'calendars.json';
const POLICIES = 'policies.json';
const UNITS = 'units.json';
const PROCEDURES = 'procedures.csv';
const REMINDERS = 'reminders.json';

/**
 * Reads a folder of reference data into commands, in an order in which they can be published: `calendars.json` (paths
 * of calendar files, beside it), `policies.json`, `units.json`, `procedures.csv`, `reminders.json`. Each file may be absent, but not
 * all.
 * @throws Problem `reference-file-unreadable` with file, line and column; `reference-file-invalid` with the fields
 */
export async function loadDirectory(dir: string): Promise<LoadedCommand[]> {
  const loaded = [
    await ifThere(join(dir, CALENDARS), loadCalendars),
    await ifThere(join(dir, POLICIES), loadPolicies),
    await ifThere(join(dir, UNITS), loadUnits),
    await ifThere(join(dir, PROCEDURES), loadProcedures),
    await ifThere(join(dir, REMINDERS), loadReminders),
  ];
  if (loaded.every((commands) => commands === undefined)) {
    const reason = `the folder has none of ${[CALENDARS, POLICIES, UNITS, PROCEDURES, REMINDERS].join(', ')}`;
    throw unreadable(dir, '–', '–', reason);
  }
  return loaded.flatMap((commands) => commands ?? []);
}

type Load = (text: string, file: string) => LoadedCommand[] | Promise<LoadedCommand[]>;

async function ifThere(file: string, load: Load): Promise<LoadedCommand[] | undefined> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw cannotRead(file, error);
  });
  return text === undefined ? undefined : load(text, file);
}

async function loadCalendars(text: string, file: string): Promise<LoadedCommand[]> {
  const paths = jsonList(text, file).map((path, index) => textOf(path, file, `/${index}`));
  return Promise.all(paths.map((path) => loadCalendar(join(dirname(file), path))));
}

/** A calendar file: the body of a publication with its `id`, and `daysFile`, a table of days beside it. */
async function loadCalendar(file: string): Promise<LoadedCommand> {
  const { id, daysFile, ...body } = jsonObject(await read(file), file);
  const content = calendarContent(
    textOf(id, file, '/id'),
    validated(PublishCalendarDto, body, file, 'the calendar'),
  );
  if (daysFile === undefined) return { command: { kind: 'calendar', content }, file, where: 'the calendar' };
  const daysPath = join(dirname(file), textOf(daysFile, file, '/daysFile'));
  const days = daysOffOf(await read(daysPath), daysPath);
  const { daysOff = [], workingDays = [] } = content.definition;
  const definition = {
    ...content.definition,
    daysOff: [...daysOff, ...days.daysOff],
    workingDays: [...workingDays, ...days.workingDays],
  };
  return { command: { kind: 'calendar', content: { ...content, definition } }, file, where: 'the calendar' };
}

function loadPolicies(text: string, file: string): LoadedCommand[] {
  return entriesOf(text, file, 'id').map(({ id, body, where }: Entry) => ({
    command: { kind: 'policy', content: policyContent(id, validated(PublishPolicyDto, body, file, where)) },
    file,
    where,
  }));
}

function loadUnits(text: string, file: string): LoadedCommand[] {
  return entriesOf(text, file, 'code').map(({ id, body, where }: Entry) => ({
    command: { kind: 'unit', content: unitContent(id, validated(PublishUnitDto, body, file, where)) },
    file,
    where,
  }));
}

function loadProcedures(text: string, file: string): LoadedCommand[] {
  return parseProcedures(text, file).map(({ line, content }) => ({
    command: { kind: 'procedure', content },
    file,
    where: `line ${line}`,
  }));
}

function loadReminders(text: string, file: string): LoadedCommand[] {
  return entriesOf(text, file, 'id').map(({ id, body, where }: Entry) => {
    const content = reminderPolicyContent(id, validated(PublishReminderPolicyDto, body, file, where));
    return { command: { kind: 'reminders', content }, file, where };
  });
}

async function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw cannotRead(file, error);
  });
}

function cannotRead(file: string, error: unknown): Problem {
  return unreadable(file, '–', '–', codeOf(error) ?? String(error));
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
