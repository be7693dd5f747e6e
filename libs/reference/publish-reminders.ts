import { composed, type FieldChecks } from './checks.js';
import { check, number } from './next-version.js';
import { type ReferenceFact, type ReferenceState, versionsOf } from './reference.js';
import type { ReminderPolicyVersion } from './reference.events.js';
import { REMINDER_RECIPIENTS, REMINDER_TOPICS, type ReminderRule } from './reminder-rules.js';

/** What these are about has no deadline of its own. */
const WITHOUT_DEADLINE: ReadonlySet<ReminderRule['about']> = new Set(['supplement', 'collection']);
const MOST_RULES = 200;

/** @throws Problem `invalid-request` with a pointer into the content for every field that is wrong */
export function decidePublishReminders(
  given: Omit<ReminderPolicyVersion, 'version'>,
  state: ReferenceState,
): { version: number; fact: ReferenceFact | null } {
  const content = composed(given);
  check(content, (fields) => {
    fields.code(content.id, '/id');
    if (content.units !== 'all') {
      fields.expect(content.units.length > 0, '/units', 'required');
      content.units.forEach((unit, n) => fields.code(unit, `/units/${n}`));
    }
    fields.expect(content.rules.length <= MOST_RULES, '/rules', 'maxItems', { max: MOST_RULES });
    content.rules.forEach((rule, n) => checkRule(rule, `/rules/${n}`, fields));
  });
  const { version, isNew } = number(content, versionsOf(state, 'reminders', content.id));
  return { version, fact: isNew ? { type: 'ReminderPolicyPublished', data: { ...content, version } } : null };
}

function checkRule({ about, when, to, procedures }: ReminderRule, at: string, fields: FieldChecks): void {
  fields.expect(REMINDER_TOPICS.includes(about), `${at}/about`, 'isIn', {
    allowed: REMINDER_TOPICS.join(', '),
  });
  fields.expect(REMINDER_RECIPIENTS.includes(to), `${at}/to`, 'isIn', {
    allowed: REMINDER_RECIPIENTS.join(', '),
  });
  if ('share' in when)
    fields.expect(when.share > 0 && when.share < 1, `${at}/when/share`, 'share', { value: when.share });
  else if ('before' in when) fields.limit(when.before, `${at}/when/before`);
  else if ('after' in when) fields.limit(when.after, `${at}/when/after`);
  fields.expect(!WITHOUT_DEADLINE.has(about) || 'after' in when, `${at}/when`, 'afterOnly', { about });
  procedures?.forEach((code, n) => fields.code(code, `${at}/procedures/${n}`));
}
