import { CalendarError } from '#libs/calendar/calendar-error.js';
import { compileCalendar } from '#libs/calendar/compile-calendar.js';
import { composed } from './checks.js';
import { check, number } from './next-version.js';
import { decidePublishReminders } from './publish-reminders.js';
import {
  inForce,
  type ReferenceFact,
  type ReferenceKind,
  type ReferenceState,
  type VersionOf,
  versionsOf,
} from './reference.js';
import type {
  CalendarVersion,
  PolicyVersion,
  ProcedureVersion,
  UnitVersion,
  Versioned,
} from './reference.events.js';

/** What is to be published: everything but the number, which the decision assigns. */
export type ContentOf<K extends ReferenceKind> = Omit<VersionOf[K], 'version'>;

export type PublishCommand = {
  [K in ReferenceKind]: { readonly kind: K; readonly content: ContentOf<K> };
}[ReferenceKind];

export interface PublishDecision {
  /** Number of the version that now holds this content. */
  readonly version: number;
  /** Null: exactly this is in force already, so nothing happens. */
  readonly fact: ReferenceFact | null;
}

/** A hundred years. */
export const LONGEST_RETENTION_MONTHS = 1_200;

/**
 * Decides on one new version. It never touches the versions before it: dossiers keep those they were accepted under.
 * Publishing what is in force on its `validFrom` already changes nothing, so files can be loaded again and again.
 * @throws Problem `invalid-request` with a pointer into the content for every field that is wrong
 */
export function decidePublish(command: PublishCommand, state: ReferenceState): PublishDecision {
  switch (command.kind) {
    case 'calendar':
      return decidePublishCalendar(command.content, state);
    case 'policy':
      return decidePublishPolicy(command.content, state);
    case 'unit':
      return decidePublishUnit(command.content, state);
    case 'procedure':
      return decidePublishProcedure(command.content, state);
    case 'reminders':
      return decidePublishReminders(command.content, state);
  }
}

export function decidePublishCalendar(
  given: Omit<CalendarVersion, 'version'>,
  state: ReferenceState,
): PublishDecision {
  const content = composed(given);
  check(content, (fields) => {
    fields.code(content.id, '/id');
    fields.expect(content.name !== '', '/name', 'required');
    try {
      compileCalendar(content.definition);
    } catch (error) {
      if (!(error instanceof CalendarError)) throw error;
      fields.expect(false, '/definition', 'calendarDefinition', { reason: error.message });
    }
  });
  const { version, isNew } = number(content, versionsOf(state, 'calendar', content.id));
  return { version, fact: isNew ? { type: 'CalendarPublished', data: { ...content, version } } : null };
}

export function decidePublishPolicy(
  given: Omit<PolicyVersion, 'version'>,
  state: ReferenceState,
): PublishDecision {
  const content = composed(given);
  const { rules } = content;
  check(content, (fields) => {
    fields.code(content.id, '/id');
    fields.whole(rules.futureToleranceSeconds, '/rules/futureToleranceSeconds', 0, 86_400);
    fields.whole(rules.maxSupplementRequests, '/rules/maxSupplementRequests', 0, 100);
    fields.whole(rules.maxExtensions, '/rules/maxExtensions', 0, 100);
    fields.limit(rules.onlineAnswerLimit, '/rules/onlineAnswerLimit');
    fields.expect(['date', 'instant'].includes(rules.beforeTimeBy), '/rules/beforeTimeBy', 'isIn', {
      allowed: 'date, instant',
    });
  });
  const { version, isNew } = number(content, versionsOf(state, 'policy', content.id));
  return { version, fact: isNew ? { type: 'PolicyPublished', data: { ...content, version } } : null };
}

export function decidePublishUnit(
  given: Omit<UnitVersion, 'version'>,
  state: ReferenceState,
): PublishDecision {
  const content = composed(given);
  check(content, (fields) => {
    fields.code(content.code, '/code');
    fields.expect(content.name.vi !== '', '/name/vi', 'required');
    fields.expect(content.name.en !== '', '/name/en', 'required');
    fields.whole(content.sequenceDigits, '/sequenceDigits', 1, 9);
    for (const kind of ['calendar', 'policy'] as const) {
      const named = versionsOf(state, kind, content[kind]);
      fields.expect(inForce<Versioned>(named, content.validFrom) !== undefined, `/${kind}`, 'notInForce', {
        value: content[kind],
        date: content.validFrom,
      });
    }
  });
  const { version, isNew } = number(content, versionsOf(state, 'unit', content.code));
  return { version, fact: isNew ? { type: 'UnitPublished', data: { ...content, version } } : null };
}

export function decidePublishProcedure(
  given: Omit<ProcedureVersion, 'version'>,
  state: ReferenceState,
): PublishDecision {
  const content = composed(given);
  check(content, (fields) => {
    fields.code(content.code, '/code');
    fields.expect(content.name.vi !== '', '/name/vi', 'required');
    fields.expect(content.field !== '', '/field', 'required');
    fields.expect(content.level !== '', '/level', 'required');
    content.limits.forEach(({ case: name, limit }, index) => {
      fields.code(name, `/limits/${index}/case`);
      const first = content.limits.findIndex((other) => other.case === name) === index;
      fields.expect(first, `/limits/${index}/case`, 'unique', { value: name });
      fields.limit(limit, `/limits/${index}/limit`);
    });
    if (content.retentionMonths !== undefined) {
      fields.whole(content.retentionMonths, '/retentionMonths', 0, LONGEST_RETENTION_MONTHS);
    }
    if (content.fee === null) return;
    const { amount, currency } = content.fee;
    fields.expect(Number.isFinite(amount) && amount >= 0, '/fee/amount', 'min', { min: 0 });
    fields.expect(/^[A-Z]{3}$/.test(currency), '/fee/currency', 'currency');
  });
  const { version, isNew } = number(content, versionsOf(state, 'procedure', content.code));
  return { version, fact: isNew ? { type: 'ProcedurePublished', data: { ...content, version } } : null };
}
