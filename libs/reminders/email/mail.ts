import type { Message } from '../channel.js';
import { standingOf, standingWords, whatWords, whenWords } from './words.js';

/** What a mail says; the same in plain text and in HTML, which loads nothing from anywhere. */
export interface Mail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** When it is written, in milliseconds since 1970, and where browsers find the service, if that is known. */
export interface MailContext {
  readonly at: number;
  readonly publicUrl: string | undefined;
}

const NO_REPLY = 'Thư tự động của hệ thống một cửa; xin không trả lời.';

/** Mail for one reminder: a dossier by its code, and nobody's name. */
export function reminderMail(message: Message, { at, publicUrl }: MailContext): Mail {
  const { code, unit, procedure, zone } = message;
  const [what, when] = [whatWords(message), whenWords(message)];
  const lines: Line[] = [
    ['Hồ sơ', code],
    ['Việc', what],
    [standingWords(message, at), `${when} (${zone})`],
    ['Đơn vị', unit],
    ['Thủ tục', procedure],
  ];
  const subject = `${standingWords(message, at)}: ${code}, ${what}, ${when}`;
  return {
    subject,
    text: textOf([lines.map(([name, value]) => `${name}: ${value}`).join('\n')], publicUrl),
    html: htmlOf(subject, rowsOf(lines), publicUrl),
  };
}

/** One mail for several reminders: what is late longest comes first, what waits without a deadline last. */
export function digestMail(items: readonly Message[], { at, publicUrl }: MailContext): Mail {
  const sorted = [...items].sort((a, b) => rankOf(a, at) - rankOf(b, at) || compare(a, b));
  const late = items.filter((item) => standingOf(item, at) === 'late').length;
  const subject = `Tổng hợp nhắc việc: ${items.length} việc, ${late} việc quá hạn`;
  const lines = sorted.map((item): Line => {
    const about = `${standingWords(item, at)}: ${whatWords(item)}, ${whenWords(item)}`;
    return [item.code, `${about}; ${item.unit}, ${item.procedure}`];
  });
  const zones = [...new Set(items.map(({ zone }) => zone))].join(', ');
  return {
    subject,
    text: textOf(
      [lines.map(([code, about]) => `${code}\n  ${about}`).join('\n'), `Giờ: ${zones}`],
      publicUrl,
    ),
    html: htmlOf(subject, `${rowsOf(lines)}<tr><th>Giờ</th><td>${escaped(zones)}</td></tr>`, publicUrl),
  };
}

type Line = readonly [name: string, value: string];

const RANKS = { late: 0, open: 1, waiting: 2 } as const;
const rankOf = (item: Message, at: number): number => RANKS[standingOf(item, at)];
const compare = (a: Message, b: Message): number =>
  a.dueAt === b.dueAt ? (a.code < b.code ? -1 : 1) : a.dueAt < b.dueAt ? -1 : 1;

function textOf(parts: readonly string[], publicUrl: string | undefined): string {
  return `${[...parts, ...inboxAt(publicUrl), NO_REPLY].join('\n\n')}\n`;
}

/** Where all of one's reminders are. */
const inboxAt = (publicUrl: string | undefined): string[] =>
  publicUrl === undefined ? [] : [`${publicUrl}/inbox`];

const rowsOf = (lines: readonly Line[]): string =>
  lines
    .map(
      ([name, value]) =>
        `<tr><th style="text-align:left">${escaped(name)}</th><td>${escaped(value)}</td></tr>`,
    )
    .join('\n');

function htmlOf(title: string, rows: string, publicUrl: string | undefined): string {
  const links = inboxAt(publicUrl).map((url) => `<p><a href="${escaped(url)}">${escaped(url)}</a></p>`);
  return [
    `<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>${escaped(title)}</title></head><body>`,
    `<table cellpadding="4">\n${rows}\n</table>`,
    ...links,
    `<p>${NO_REPLY}</p></body></html>`,
  ].join('\n');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
