import { Temporal } from 'temporal-polyfill';
import type { ReminderTopic } from '#libs/reference/reminder-rules.js';
import type { Message } from '../channel.js';

const WHAT: Readonly<Record<ReminderTopic, string>> = {
  answer: 'tiếp nhận hoặc từ chối hồ sơ nộp trực tuyến',
  result: 'giải quyết hồ sơ',
  apology: 'gửi phiếu xin lỗi và hẹn lại ngày trả kết quả',
  consultation: 'cơ quan phối hợp trả lời',
  supplement: 'người nộp bổ sung hồ sơ',
  collection: 'người nộp nhận kết quả',
};

/** These have no deadline: what they count from is in its place. */
const WAITING: readonly ReminderTopic[] = ['supplement', 'collection'];

type Told = Pick<Message, 'about' | 'dueAt' | 'zone'>;

/** How it stands at an instant: waiting without a deadline, before it, or past it. */
export function standingOf({ about, dueAt }: Told, at: number): 'waiting' | 'open' | 'late' {
  if (WAITING.includes(about)) return 'waiting';
  return Temporal.Instant.from(dueAt).epochMilliseconds <= at ? 'late' : 'open';
}

const STANDING = { waiting: 'Đang chờ', open: 'Sắp đến hạn', late: 'Quá hạn' } as const;
export const standingWords = (told: Told, at: number): string => STANDING[standingOf(told, at)];

export const whatWords = ({ about }: Told): string => WHAT[about];

/** On the wall clock of the desk: `hạn 16:30 ngày 05/01/2024`. */
export function whenWords({ about, dueAt, zone }: Told): string {
  const { hour, minute, day, month, year } = Temporal.Instant.from(dueAt).toZonedDateTimeISO(zone);
  const two = (value: number): string => String(value).padStart(2, '0');
  const word = WAITING.includes(about) ? 'từ' : 'hạn';
  return `${word} ${two(hour)}:${two(minute)} ngày ${two(day)}/${two(month)}/${year}`;
}
