import { expect } from '@jest/globals';
import type { CommandAnswer } from '#libs/dossier/commands/answer.js';
import type { Status } from '#libs/dossier/dossier.js';
import type { Step } from '#libs/dossier/steps.js';
import { type Answer, call, type Sent } from './http.js';
import type { TestService } from './service.js';
import { bearer } from './tokens.js';

/** A dossier handed in at the counter, by the demonstration desk's shortest procedure (3 working days). */
export const OPENING = {
  unit: 'H54.12',
  procedure: '1.009661',
  channel: 'in_person',
  applicant: { name: 'Công ty TNHH Ánh Dương', idNumber: '0101234567' },
};
const { channel: _channel, ...REGISTRATION } = OPENING;
export { REGISTRATION };

/** A body with which each step can be taken. */
export const BODIES: Readonly<Record<Step, object>> = {
  accept: { official: 'official-7' },
  reject: { reason: 'Không thuộc thẩm quyền' },
  'hand-over': { toUnit: 'QLDT', toOfficial: 'official-7' },
  consult: { agency: 'Sở Xây dựng' },
  'record-reply': { consultation: 'c2' },
  'request-supplement': { papers: [{ name: 'Bản vẽ', originals: 1, copies: 0 }], reason: 'Thiếu bản vẽ' },
  'receive-supplement': {},
  'request-payment': { amount: 1_500_000, currency: 'VND' },
  'confirm-payment': {},
  extend: {
    newDueAt: '2024-06-03T09:00:00+07:00',
    apologyNumber: 'PXL-2024/017',
    reason: 'Chờ ý kiến',
  },
  withdraw: { reason: 'Người nộp xin rút' },
  stop: { reason: 'Quá hạn bổ sung' },
  resolve: { outcome: 'granted' },
  return: { method: 'in_person' },
  correct: {
    field: 'accepted_at',
    to: '2024-03-11T01:30:00.000Z',
    form: 'DC-2024/003',
    reason: 'Ghi nhầm giờ',
  },
  'cancel-alert': {
    topic: 'result',
    dueAt: '2024-03-14T09:00:00+07:00',
    reason: 'Tòa án đang thụ lý',
  },
  approve: { proposal: 'p1' },
  refuse: { proposal: 'p1', reason: 'Không có căn cứ' },
  'place-hold': { reason: 'Đang giải quyết khiếu nại' },
  'lift-hold': { reason: 'Đã giải quyết khiếu nại' },
  annotate: { note: 'Đã gọi điện' },
  link: { formerCode: '' },
};

/** Another account than the one that takes all other steps. */
export const SECOND_PERSON = bearer('supervisor-1');

export const open = (service: TestService, body: object = {}, sent: Sent = {}) =>
  call(service, 'POST', '/api/dossiers', { body: { ...OPENING, ...body }, ...sent });

export const register = (service: TestService, body: object = {}) =>
  call(service, 'POST', '/api/dossiers/register', { body: { ...REGISTRATION, ...body } });

/** A dossier as a clerk holds it: every step states the revision that the last answer gave. */
export class Held {
  constructor(
    private readonly service: TestService,
    public last: CommandAnswer,
  ) {}

  get code(): string {
    return this.last.code;
  }

  get path(): string {
    return `/api/dossiers/${this.code}`;
  }

  /** How a step would be sent. */
  sending(step: Step, body: object = {}, headers: Sent['headers'] = {}): Sent {
    return {
      body: { ...BODIES[step], ...body },
      headers: { 'if-match': `"${this.last.revision}"`, ...headers },
    };
  }

  /** Takes a step that must be taken. */
  async take(step: Step, body: object = {}, headers: Sent['headers'] = {}): Promise<Answer<CommandAnswer>> {
    const answer = await call(
      this.service,
      'POST',
      `${this.path}/${step}`,
      this.sending(step, body, headers),
    );
    expect([answer.status, answer.text]).toEqual([200, answer.text]);
    expect(answer.headers.get('etag')).toBe(`"${answer.body.revision}"`);
    this.last = answer.body;
    return answer;
  }

  /** A second person approves what was proposed just now. */
  approve(): Promise<Answer<CommandAnswer>> {
    return this.take('approve', { proposal: `p${this.last.revision}` }, SECOND_PERSON);
  }

  async takeAll(...steps: readonly (Step | [Step, object])[]): Promise<this> {
    for (const step of steps) await (Array.isArray(step) ? this.take(...step) : this.take(step));
    return this;
  }
}

/** Steps that lead to each state. */
const WAYS: Readonly<Record<Exclude<Status, 'registered'>, readonly Step[]>> = {
  accepted: [],
  rejected: ['reject'],
  processing: ['hand-over'],
  supplement_requested: ['hand-over', 'request-supplement'],
  financial_obligation: ['hand-over', 'request-payment'],
  withdrawn: ['withdraw'],
  stopped: ['hand-over', 'stop'],
  resolved: ['hand-over', 'resolve'],
  returned: ['hand-over', 'resolve', 'return'],
};

/** A dossier in that state. */
export async function heldIn(service: TestService, status: Status): Promise<Held> {
  const online = status === 'registered' || status === 'rejected';
  const { body } = await (online ? register(service) : open(service));
  const held = new Held(service, body);
  await held.takeAll(...(status === 'registered' ? [] : WAYS[status]));
  expect(held.last.status).toBe(status);
  return held;
}
