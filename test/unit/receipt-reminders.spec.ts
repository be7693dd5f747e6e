import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { DossierEvent } from '#libs/dossier/dossier.events.js';
import { categoryOf, idOf, type RecordedEvent } from '#libs/event-log/event-log.js';
import type { ReminderEvent } from '#libs/reminders/reminder.events.js';
import {
  type Case,
  type Expected,
  isOfficeHour,
  knownEnd,
  overdueOf,
  readCases,
  remindersOf,
} from '../support/replay/counted-by-hand.js';
import {
  demoReminders,
  RECEIPT,
  RECEIPT_ENDS,
  receiptLoggedLive,
  receiptMapping,
  receiptReference,
} from '../support/replay/receipt.js';
import { simulate } from '../support/replay/simulation.js';

if (existsSync(RECEIPT)) {
  /**
   * All 1,434 cases. Of the rules of the demonstration, those about `result`, `apology` and `collection` have something
   * to say here; nothing is registered online, consulted about or asked for in this log.
   */
  describe('receipt.csv, lived through from its first to its last day', () => {
    const until = Date.parse(RECEIPT_ENDS);
    let cases: readonly Case[];
    let all: readonly RecordedEvent[];
    const raised = () =>
      (all as readonly unknown[] as readonly ReminderEvent[]).filter(
        (event) => event.type === 'ReminderRaised',
      );

    beforeAll(async () => {
      cases = readCases();
      const mapping = receiptMapping();
      const reference = receiptReference(mapping);
      const { log } = await simulate(await receiptLoggedLive(mapping, reference), reference, RECEIPT_ENDS);
      all = log.all;
    }, 240_000);

    it('has every reminder that the policy asks for raised once, when it is planned for', () => {
      const expected = cases.flatMap((one) => remindersOf(one, demoReminders().rules, until));
      const got = raised().map(({ data, occurredAt }): Expected => ({
        ...{ code: data.code, id: data.reminder, at: occurredAt },
      }));
      expect(expected.length).toBeGreaterThan(5_000);
      expect(sorted(got)).toEqual(sorted(expected));
    });

    it('has them raised in office hours only', () => {
      expect(raised().filter(({ occurredAt }) => !isOfficeHour(occurredAt))).toEqual([]);
    });

    it('has none about the work of a case that had ended', () => {
      const ends = new Map(cases.map((one) => [one.code, knownEnd(one)]));
      const late = raised().filter(
        ({ data, occurredAt }) =>
          data.about !== 'collection' && Date.parse(occurredAt) >= (ends.get(data.code) ?? 0),
      );
      expect(late).toEqual([]);
    });

    it('has one DossierFellOverdue, at the due instant, of each case that was open then, and none of others', () => {
      const expected = cases.flatMap((one) => {
        const at = overdueOf(one, until);
        return at === null ? [] : [`${one.code} ${at} ${at}`];
      });
      const fell = (all as readonly unknown[] as readonly DossierEvent[]).filter(
        (event) => event.type === 'DossierFellOverdue',
      );
      expect(fell.every(({ stream }) => categoryOf(stream) === 'dossier')).toBe(true);
      expect(
        fell.map(({ stream, occurredAt, data }) => `${idOf(stream)} ${occurredAt} ${data.dueAt}`).sort(),
      ).toEqual(expected.sort());
      // Noticed in the millisecond after it: who answers at the due instant is on time.
      const delays = fell.map(
        ({ occurredAt, recordedAt }) => Date.parse(recordedAt) - Date.parse(occurredAt),
      );
      expect(Math.max(...delays)).toBeLessThanOrEqual(1);
      // 377 ended after their due instant, and 39 of the 105 that had not ended were past it.
      expect(fell).toHaveLength(377 + 39);
    });
  });
} else {
  process.stdout.write(`${RECEIPT} is not there: its reminders are left out of the tests\n`);
}

const sorted = (all: readonly Expected[]): string[] =>
  all.map(({ code, id, at }) => `${code} ${id} ${at}`).sort();
