import { type FieldProblem, Problem, type ProblemDetails } from '#libs/problem/problem.js';
import { REMINDER_TOPICS, type ReminderTopic } from '#libs/reference/reminder-rules.js';

/** Somewhere that an administrator of the machine allowed reminders to be sent to. */
export interface Hook {
  readonly id: string;
  /** https; http too, if it may be private. Its query may be a secret. */
  readonly url: string;
  /** As Standard Webhooks writes them. Each signs: there are two while one takes the other's place. */
  readonly secrets: readonly string[];
  /** Dossiers that these units have; absent: of all. */
  readonly units?: readonly string[];
  /** Absent: all. */
  readonly topics?: readonly ReminderTopic[];
  /** Whether its address may be one that is not public. */
  readonly allowPrivate?: boolean;
}

type Fields = Readonly<Record<string, unknown>>;
type Fail = (pointer: string, rule: string, details?: ProblemDetails) => void;

const KNOWN = ['id', 'url', 'secrets', 'units', 'topics', 'allowPrivate'];
const ID = /^[a-z0-9][\w.-]{0,63}$/;
const UNIT = /^\S{1,100}$/;
/** `whsec_`, and the base64 of the key; Standard Webhooks 1.0.0 asks for 24 to 64 bytes. */
const SECRET = /^whsec_(?<base64>[A-Za-z0-9+/]+={0,2})$/;
const MOST_SECRETS = 3;

/**
 * Checks a list of hooks. @param where for the problem
 * @throws Problem `webhooks-wrong`, with a line for each fault; secrets and URLs are not in it
 */
export function checkHooks(given: unknown, where: string): readonly Hook[] {
  const faults: FieldProblem[] = [];
  const fail: Fail = (pointer, rule, details = {}) => void faults.push({ pointer, rule, details });
  if (!Array.isArray(given))
    throw new Problem('webhooks-wrong', { where }, [{ pointer: '', rule: 'objects' }]);
  const seen = new Set<unknown>();
  for (const [n, hook] of (given as unknown[]).entries()) {
    if (!isObject(hook)) {
      fail(`/${n}`, 'object');
      continue;
    }
    if (typeof hook.id === 'string' && seen.has(hook.id)) fail(`/${n}/id`, 'unique', { value: hook.id });
    seen.add(hook.id);
    checkHook(hook, `/${n}`, fail);
  }
  if (faults.length > 0) throw new Problem('webhooks-wrong', { where }, faults);
  return given as Hook[];
}

function checkHook(hook: Fields, pointer: string, fail: Fail): void {
  const { id, url, secrets, units, topics, allowPrivate } = hook;
  for (const name of Object.keys(hook)) {
    if (!KNOWN.includes(name)) fail(`${pointer}/${name}`, 'unknownField');
  }
  if (!matches(id, ID)) fail(`${pointer}/id`, 'hookId');
  if (!isUrl(url, allowPrivate === true)) fail(`${pointer}/url`, 'hookUrl');
  if (!isList(secrets, isSecret) || secrets.length > MOST_SECRETS) {
    fail(`${pointer}/secrets`, 'hookSecrets', { most: MOST_SECRETS });
  }
  if (units !== undefined && !isList(units, (unit) => matches(unit, UNIT)))
    fail(`${pointer}/units`, 'hookUnits');
  if (topics !== undefined && !isList(topics, (topic) => REMINDER_TOPICS.includes(topic as ReminderTopic))) {
    fail(`${pointer}/topics`, 'isIn', { allowed: [...REMINDER_TOPICS] });
  }
  if (allowPrivate !== undefined && typeof allowPrivate !== 'boolean') {
    fail(`${pointer}/allowPrivate`, 'isBoolean');
  }
}

function isUrl(given: unknown, mayBePlain: boolean): boolean {
  if (typeof given !== 'string' || !URL.canParse(given)) return false;
  const { protocol, username, password, hash } = new URL(given);
  const isAllowed = protocol === 'https:' || (mayBePlain && protocol === 'http:');
  return isAllowed && username === '' && password === '' && hash === '';
}

function isSecret(given: unknown): boolean {
  const { base64 = '' } = (typeof given === 'string' ? SECRET.exec(given)?.groups : undefined) ?? {};
  const { length } = Buffer.from(base64, 'base64');
  return length >= 24 && length <= 64;
}

const matches = (given: unknown, pattern: RegExp): boolean =>
  typeof given === 'string' && pattern.test(given);
const isList = (given: unknown, isGood: (each: unknown) => boolean): given is readonly unknown[] =>
  Array.isArray(given) && given.length > 0 && given.every(isGood);
const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
