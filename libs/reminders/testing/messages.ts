import type { Message } from '../channel.js';

/** A reminder of a dossier that is due on Friday 2024-01-19 at 17:00 in Huế, raised the day before at 7:30. */
export function messageOf(changes: Partial<Message> = {}): Message {
  const code = changes.code ?? 'H54.12-240115-0010';
  return {
    key: '3f1c8c0e-5d5a-5b8e-9d0f-0a4b7c2e6d11',
    to: 'official-1',
    code,
    reminder: 'result/before-1-working_days/official/2024-01-19T10:00:00.000Z',
    about: 'result',
    unit: 'H54.12.QLDT',
    procedure: '1.009664',
    dueAt: '2024-01-19T10:00:00.000Z',
    zone: 'Asia/Ho_Chi_Minh',
    raisedAt: '2024-01-18T00:30:00.000Z',
    accounts: ['official-1'],
    ...changes,
  };
}
