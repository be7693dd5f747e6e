import { canonicalJson } from '#libs/event-log/hash.js';
import type { Json } from '#libs/event-log/json.js';
import { composed, type FieldChecks } from './checks.js';
import { check, number } from './next-version.js';
import { type ReferenceFact, type ReferenceState, versionsOf } from './reference.js';
import type { ReminderPolicyVersion } from './reference.events.js';
import {
  REMINDER_MOMENTS,
  REMINDER_RECIPIENTS,
  REMINDER_TOPICS,
  type ReminderRule,
} from './reminder-rules.js';

/** What these are about has no deadline of its own. */
const WITHOUT_DEADLINE: ReadonlySet<ReminderRule['about']> = new Set(['supplement', 'collection']);
export const MOST_REMINDER_RULES = 200;

/**
 * Units and procedures that it names must have been published: a code mistyped would go without its reminders.
 * @throws Problem `invalid-request` with a pointer into the content for every field that is wrong
 */
export function decidePublishReminders(
  given: Omit<ReminderPolicyVersion, 'version'>,
  state: ReferenceState,
): { version: number; fact: ReferenceFact | null } {
  const content = composed(given);
  const { id, units, rules } = content;
  check(content, (fields) => {
    fields.code(id, '/id');
    if (units !== 'all') checkCodes(units, 'unit', '/units', fields, state);
    const max = MOST_REMINDER_RULES;
    fields.expect(rules.length <= max, '/rules', 'maxItems', { max });
    const known = new Map<string, number>();
    rules.forEach((rule, n) => {
      checkRule(rule, `/rules/${n}`, fields, state);
      const same = canonicalJson(rule as unknown as Json);
      const before = known.get(same);
      fields.expect(before === undefined, `/rules/${n}`, 'sameAs', { other: `/rules/${before}`, same });
      known.set(same, before ?? n);
    });
  });
  const { version, isNew } = number(content, versionsOf(state, 'reminders', id));
  return { version, fact: isNew ? { type: 'ReminderPolicyPublished', data: { ...content, version } } : null };
}

function checkRule(
  { about, when, to, procedures }: ReminderRule,
  at: string,
  fields: FieldChecks,
  state: ReferenceState,
): void {
  const oneOf = (value: string, allowed: readonly string[], pointer: string): void =>
    fields.expect(allowed.includes(value), pointer, 'isIn', { allowed: allowed.join(', ') });
  oneOf(about, REMINDER_TOPICS, `${at}/about`);
  oneOf(to, REMINDER_RECIPIENTS, `${at}/to`);
  if (procedures) checkCodes(procedures, 'procedure', `${at}/procedures`, fields, state);
  if (REMINDER_MOMENTS.filter((moment) => moment in when).length !== 1) {
    fields.expect(false, `${at}/when`, 'exactlyOne', { allowed: REMINDER_MOMENTS.join(', ') });
    return;
  }
  if ('share' in when)
    fields.expect(when.share > 0 && when.share < 1, `${at}/when/share`, 'share', { value: when.share });
  else if ('before' in when) fields.limit(when.before, `${at}/when/before`);
  else if ('after' in when) fields.limit(when.after, `${at}/when/after`);
  else oneOf(when.on, ['last_day', 'due'], `${at}/when/on`);
  fields.expect(!WITHOUT_DEADLINE.has(about) || 'after' in when, `${at}/when`, 'afterOnly', { about });
}

/** One at least, each a published one, none twice. */
function checkCodes(
  codes: readonly string[],
  kind: 'unit' | 'procedure',
  at: string,
  fields: FieldChecks,
  state: ReferenceState,
): void {
  fields.expect(codes.length > 0, at, 'required');
  codes.forEach((code, n) => {
    fields.expect(versionsOf(state, kind, code).length > 0, `${at}/${n}`, 'unknown');
    fields.expect(codes.indexOf(code) === n, `${at}/${n}`, 'unique', { value: code });
  });
}
