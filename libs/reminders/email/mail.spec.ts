import { describe, expect, it } from '@jest/globals';
import { messageOf } from '../testing/messages.js';
import { digestMail, reminderMail } from './mail.js';
import { describeFailure, isForGood } from './smtp-refusal.js';

const THE_DAY_BEFORE = Date.parse('2024-01-18T00:30:00Z');
const AT_THE_DEADLINE = Date.parse('2024-01-19T10:00:00Z');
const context = { at: THE_DAY_BEFORE, publicUrl: 'https://motcua.example.vn' };

describe('a mail', () => {
  it('names the dossier, what is due and when, on the clock of the desk, in its subject', () => {
    expect(reminderMail(messageOf(), context).subject).toBe(
      'Sắp đến hạn: H54.12-240115-0010, giải quyết hồ sơ, hạn 17:00 ngày 19/01/2024',
    );
    const elsewhere = messageOf({ zone: 'Asia/Tokyo', dueAt: '2024-01-19T15:30:00.000Z' });
    expect(reminderMail(elsewhere, context).subject).toContain('hạn 00:30 ngày 20/01/2024');
  });

  it('says that the deadline has passed, from its very instant on', () => {
    const subjectAt = (at: number): string => reminderMail(messageOf(), { ...context, at }).subject;
    expect(subjectAt(AT_THE_DEADLINE - 1)).toMatch(/^Sắp đến hạn/);
    expect(subjectAt(AT_THE_DEADLINE)).toMatch(/^Quá hạn/);
  });

  it.each(['supplement', 'collection'] as const)(
    'says since when the applicant is awaited for %s',
    (about) => {
      const { subject } = reminderMail(messageOf({ about }), { ...context, at: AT_THE_DEADLINE + 1 });
      expect(subject).toMatch(/^Đang chờ: .*, từ 17:00 ngày 19\/01\/2024$/);
    },
  );

  it('says the same in plain text and in HTML, with nothing to load from elsewhere', () => {
    const { text, html } = reminderMail(messageOf({ unit: '<b>&"' }), context);
    expect(text).toContain('Đơn vị: <b>&"\n');
    expect(text).toContain('https://motcua.example.vn/inbox\n');
    expect(html).toContain('<td>&lt;b&gt;&amp;&quot;</td>');
    expect(html).toContain('<a href="https://motcua.example.vn/inbox">');
    expect(html).not.toMatch(/<(?:img|link|script|style|iframe)|src=|url\(/);
  });

  it('has no link where nobody said where the service is', () => {
    const { text, html } = reminderMail(messageOf(), { ...context, publicUrl: undefined });
    expect(text + html).not.toMatch(/https?:/);
  });
});

describe('a digest', () => {
  const items = [
    messageOf({ code: 'waits', about: 'collection', dueAt: '2024-01-02T01:00:00.000Z' }),
    messageOf({ code: 'tomorrow' }),
    messageOf({ code: 'late', dueAt: '2024-01-17T10:00:00.000Z' }),
    messageOf({ code: 'later-still', dueAt: '2024-01-10T10:00:00.000Z' }),
  ];

  it('begins with what is late longest, and ends with what waits without a deadline', () => {
    const { text } = digestMail(items, context);
    expect(text.match(/^[a-z-]+$/gm)).toEqual(['later-still', 'late', 'tomorrow', 'waits']);
  });

  it('counts in its subject', () => {
    expect(digestMail(items, context).subject).toBe('Tổng hợp nhắc việc: 4 việc, 2 việc quá hạn');
  });
});

describe('a refusal', () => {
  const command = 'RCPT TO';

  it.each([
    ['550 5.1.1 no such user', true],
    ['550 no such user', true],
    ['553 5.1.3 bad address', true],
    ['551-5.1.6 moved\n551 5.1.6 elsewhere', true],
    ['550 5.7.1 relaying denied', false],
    ['530 5.7.0 authentication required', false],
    ['552 5.2.2 mailbox full', false],
    ['550 5.2.2 over quota', false],
    ['450 4.2.1 try later', false],
    ['421 closing', false],
  ])('of the address by %j is for good: %s', (response, gone) => {
    const failure = { code: 'EENVELOPE', command, responseCode: Number(response.slice(0, 3)), response };
    expect(isForGood(failure)).toBe(gone);
  });

  it('of the login, the sender or the message says nothing about the address', () => {
    const failure = { code: 'EAUTH', responseCode: 535, response: '535 5.7.8 no' };
    expect(isForGood({ ...failure, command: 'AUTH PLAIN' })).toBe(false);
    expect(
      isForGood({ code: 'EENVELOPE', responseCode: 550, response: '550 no', command: 'MAIL FROM' }),
    ).toBe(false);
    expect(isForGood({ code: 'ECONNECTION' })).toBe(false);
  });

  it('is told without the answer, in which the address may be', () => {
    const failure = { code: 'EENVELOPE', command, responseCode: 450, response: '450 <an@x.vn> later' };
    expect(describeFailure(failure)).toBe('the mail was not taken: EENVELOPE (450 to RCPT TO)');
    expect(describeFailure({ code: 'ETIMEDOUT' })).toBe('the mail was not taken: ETIMEDOUT');
  });
});
