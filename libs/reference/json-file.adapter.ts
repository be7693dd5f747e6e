import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { invalidRequest } from '#libs/http/validation.js';
import { Problem } from '#libs/problem/problem.js';
import { unreadable } from './csv-records.js';

/** One entry of a list in a file: its id, the rest, and which it is. */
export interface Entry {
  readonly id: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly where: string;
}

/** @throws Problem `reference-file-unreadable` */
export function jsonList(text: string, file: string): unknown[] {
  const value = parsed(text, file);
  if (!Array.isArray(value)) throw unreadable(file, 1, 1, 'it must hold a list');
  return value;
}

/** @throws Problem `reference-file-unreadable` */
export function jsonObject(text: string, file: string): Record<string, unknown> {
  const value = parsed(text, file);
  if (!isObject(value)) throw unreadable(file, 1, 1, 'it must hold an object');
  return value;
}

/** The entries of a list; `key` names the member that identifies one. */
export function entriesOf(text: string, file: string, key: string): Entry[] {
  return jsonList(text, file).map((value, index) => {
    const where = `entry ${index + 1}`;
    if (!isObject(value)) {
      throw new Problem('reference-file-invalid', { file, where }, [
        { pointer: `/${index}`, rule: 'object' },
      ]);
    }
    const { [key]: id, ...body } = value;
    return { id: textOf(id, file, `/${index}/${key}`), body, where };
  });
}

export function textOf(value: unknown, file: string, pointer: string): string {
  if (typeof value === 'string') return value;
  const rule = value === undefined ? 'required' : 'isString';
  throw new Problem('reference-file-invalid', { file, where: pointer }, [{ pointer, rule }]);
}

/**
 * The body as the same class that checks it over HTTP; a member that is null counts as left out.
 * @throws Problem `reference-file-invalid` with every wrong field
 */
export function validated<T extends object>(
  type: new () => T,
  body: Readonly<Record<string, unknown>>,
  file: string,
  where: string,
): T {
  const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
  const instance = plainToInstance(type, given);
  const errors = validateSync(instance, { whitelist: true, forbidNonWhitelisted: true });
  if (errors.length > 0)
    throw new Problem('reference-file-invalid', { file, where }, invalidRequest(errors).fields);
  return instance;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(text: string, file: string): unknown {
  const json = text.replace(/^\uFEFF/, '');
  try {
    return JSON.parse(json);
  } catch (error) {
    const before = json.slice(0, faultIn(json)).split('\n');
    const reason = (error as SyntaxError).message.split(',')[0] ?? 'not JSON';
    throw unreadable(file, before.length, (before.at(-1)?.length ?? 0) + 1, reason);
  }
}

/** Index of the first wrong character: JSON.parse does not always tell, but every shorter text is only unfinished. */
function faultIn(json: string): number {
  let [good, bad] = [0, json.length + 1];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (isUnfinished(json.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

function isUnfinished(json: string): boolean {
  try {
    JSON.parse(json);
    return true;
  } catch (error) {
    const { message } = error as SyntaxError;
    return /end of JSON|Unterminated/.test(message) || new RegExp(`position ${json.length}\\b`).test(message);
  }
}
