import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Reminders, startReminders } from '#apps/worker/reminders.js';
import type { OpeningAnswer } from '#libs/dossier/commands/answer.js';
import type { RecordedEvent } from '#libs/event-log/event-log.js';
import { JobEngine } from '#libs/jobs/job-engine.adapter.js';
import { ReferenceStore } from '#libs/reference/reference-store.js';
import type { Channel, Digest, Message } from '#libs/reminders/channel.js';
import { DELIVERIES, WAKES } from '#libs/reminders/reminder-queue.adapter.js';
import type { RetriedDto } from '#libs/reminders/undelivered/undelivered.dto.js';
import type { UndeliveredItem, UndeliveredPage } from '#libs/reminders/undelivered/undelivered.query.js';
import { Held, open } from '../support/desk.js';
import { eventually } from '../support/eventually.js';
import { call } from '../support/http.js';
import { startService, type TestService } from '../support/service.js';
import { bearer, issueToken } from '../support/tokens.js';

/** A way out whose other side can be away. */
class OtherSide implements Channel {
  readonly name = 'email';
  readonly got: Message[] = [];
  readonly digests: Digest[] = [];
  readonly together = {
    wish: (_to: string, { now }: { now: number }) => Promise.resolve({ at: now, digest: this.wantsDigest }),
    send: (digest: Digest) => {
      this.digests.push(digest);
      return Promise.resolve('sent' as const);
    },
  };
  wantsDigest = false;
  away = false;

  addressees({ accounts }: { accounts: readonly string[] }): Promise<readonly string[]> {
    return Promise.resolve(accounts.filter((id) => id === 'official-9'));
  }

  send(message: Message): Promise<'sent' | 'gone'> {
    if (this.away) return Promise.reject(new Error('away'));
    this.got.push(message);
    return Promise.resolve('sent');
  }
}

let service: TestService;
let engine: JobEngine;
let reminders: Reminders;
const otherSide = new OtherSide();
const told: string[] = [];

const begin = async (): Promise<void> => {
  const { databaseUrl, platform, accounts } = service;
  const reference = new ReferenceStore(platform.log, platform.clock);
  await reference.refresh();
  engine = await JobEngine.open({ databaseUrl }, (line) => told.push(line));
  reminders = startReminders({
    ...{ engine, platform, accounts, reference: reference.data, channels: [otherSide] },
    notice: (line) => told.push(line),
  });
};
const end = async (): Promise<void> => {
  await reminders.close();
  await engine.close();
};

beforeAll(async () => {
  service = await startService();
  // After today: reminders are not raised for what was over before the log knew of it.
  service.clock.set('2027-03-08T02:00:00.000Z');
  for (const id of ['clerk-1', 'supervisor-1']) await issueToken(service.accounts, id, {}, service.clock);
  const supervising = { grants: [{ role: 'supervisor', units: ['QLDT'] }] } as const;
  await issueToken(service.accounts, 'supervisor-9', supervising, service.clock);
  const grants = [{ role: 'official', units: ['QLDT'] }] as const;
  await service.accounts.carryOut(
    { account: 'official-9', do: 'open', kind: 'person', grants },
    { actor: 'tester', correlationId: 'setup', key: 'open official-9' },
  );
  await begin();
}, 60_000);
afterAll(async () => {
  await end();
  await service.close();
});

const about = async (code: string): Promise<RecordedEvent[]> => {
  const events: RecordedEvent[] = [];
  for (const category of ['dossier', 'reminder']) {
    for await (const event of service.platform.log.readStream(`${category}-${code}`)) events.push(event);
  }
  return events;
};
const raised = async (code: string): Promise<unknown[]> =>
  (await about(code)).filter(({ type }) => type === 'ReminderRaised').map(({ data }) => data['reminder']);
const wakes = async (code: string): Promise<string[]> => {
  const jobs = await engine
    .queue<{ code: string; at: string }>(WAKES)
    .getJobs(['delayed', 'waiting', 'active']);
  return jobs.filter(({ data }) => data.code === code).map(({ data }) => data.at);
};
/** Of this process, as an operator reads it. */
const counted = async (figure: string): Promise<number | undefined> => {
  const lines = (await service.platform.metrics.text()).split('\n');
  const found = lines.find((line) => line.startsWith(`motcua_${figure} `));
  return found === undefined ? undefined : Number(found.split(' ').at(-1));
};
/** Sets the clock of everybody, and lets happen what is due by then. */
async function passUntil(at: string): Promise<void> {
  service.clock.set(at);
  await service.settled();
  await reminders.planner.replan();
}

describe('a dossier that is due in three working days, from Monday 8 March 2027 at 9:00', () => {
  let opened: OpeningAnswer;
  let held: Held;
  beforeAll(async () => {
    opened = (await open(service)).body as OpeningAnswer;
    held = new Held(service, opened);
    await held.takeAll(['hand-over', { toOfficial: 'official-9' }]);
    expect(opened.dueAt).toBe('2027-03-11T02:00:00.000Z');
  });

  it('is to be looked at when half of its time is over, and not before', async () => {
    await eventually(async () => expect(await wakes(opened.code)).toEqual(['2027-03-09T08:00:00.000Z']));
    await passUntil('2027-03-09T07:59:59.999Z');
    expect(await raised(opened.code)).toEqual([]);
  });

  it('has its reminders raised, in inboxes and by mail, with the policy that asked for them', async () => {
    otherSide.away = true;
    await passUntil('2027-03-09T08:00:00.000Z');
    await eventually(async () => expect(await raised(opened.code)).toHaveLength(1));
    const [first] = (await about(opened.code)).filter(({ type }) => type === 'ReminderRaised');
    expect(first?.data).toMatchObject({
      ...{ about: 'result', dueAt: opened.dueAt, plannedAt: '2027-03-09T08:00:00.000Z' },
      ...{ policy: { version: 1 }, accounts: ['official-9'] },
      deliveries: [{ channel: 'email', to: 'official-9' }],
    });
    expect(first?.metadata.actor).toBe('clock');
  });

  it('keeps a message that could not leave, and sends it once when the other side is back', async () => {
    await eventually(async () => {
      const [job] = await engine.queue(DELIVERIES).getJobs(['delayed']);
      expect(job?.attemptsMade).toBe(1);
    });
    otherSide.away = false;
    // The queue is lost; what had not left is in the log.
    await engine.queue(DELIVERIES).obliterate({ force: true });
    await engine.queue(WAKES).obliterate({ force: true });
    await service.settled();
    await reminders.planner.replan();
    await eventually(async () =>
      expect((await about(opened.code)).map(({ type }) => type)).toContain('ReminderSent'),
    );
    await service.settled();
    await reminders.planner.replan();
    expect(otherSide.got).toEqual([
      expect.objectContaining({ to: 'official-9', code: opened.code, zone: 'Asia/Ho_Chi_Minh' }),
    ]);
    expect(await wakes(opened.code)).toEqual(['2027-03-10T02:00:00.000Z']);
  });

  it('has a message given up after all attempts, and says so in the log', async () => {
    otherSide.away = true;
    await passUntil('2027-03-10T02:00:00.000Z');
    const queue = engine.queue(DELIVERIES);
    await eventually(async () => {
      const [job] = await queue.getJobs(['delayed']);
      expect(job?.attemptsMade).toBe(1);
      // Of the same message, but only once.
      await queue.add('deliver', job?.data, { jobId: 'once', attempts: 1 });
    });
    await eventually(async () => expect(await counted('reminders_failed_total{channel="email"}')).toBe(1));
    expect(told.splice(0)).toContain('reminders: once failed after 1: away');
    expect((await about(opened.code)).at(-1)).toMatchObject({
      type: 'ReminderFailed',
      data: { code: opened.code, channel: 'email', to: 'official-9', attempts: 1, reason: 'away' },
    });
  });

  it('has that message listed, and sent once when a supervisor wants it sent again', async () => {
    await service.settled();
    const undelivered = async (): Promise<readonly UndeliveredItem[]> =>
      (await call<UndeliveredPage>(service, 'GET', '/api/undelivered', { headers: bearer('supervisor-9') }))
        .body.items;
    const [failed, ...others] = await undelivered();
    expect(failed).toMatchObject({
      ...{ code: opened.code, unit: 'QLDT', about: 'result', channel: 'email', to: 'official-9' },
      ...{ attempts: 1, reason: 'away' },
    });
    expect(others).toEqual([]);
    otherSide.away = false;
    // It was another job that failed; the message's own would come in its own time.
    await engine.queue(DELIVERIES).obliterate({ force: true });
    const arrived = (): number => otherSide.got.filter(({ key }) => key === failed?.key).length;
    const sendAgain = () =>
      call<RetriedDto>(service, 'POST', `/api/undelivered/${failed?.key}/retry`, {
        ...{ body: {}, headers: { ...bearer('supervisor-9'), 'idempotency-key': 'again' } },
      });
    const [first, second] = await Promise.all([sendAgain(), sendAgain()]);
    expect([first.status, second.status, first.body]).toEqual([200, 200, second.body]);
    await eventually(() => {
      expect(arrived()).toBe(1);
      return Promise.resolve();
    });
    await eventually(async () => expect((await about(opened.code)).at(-1)?.type).toBe('ReminderSent'));
    expect((await about(opened.code)).filter(({ type }) => type === 'ReminderRetried')).toEqual([
      expect.objectContaining({ metadata: expect.objectContaining({ actor: 'supervisor-9' }) as object }),
    ]);
    await service.settled();
    await reminders.planner.replan();
    expect([await undelivered(), arrived()]).toEqual([[], 1]);
    expect((await sendAgain()).body).toEqual(first.body);
  });

  it('falls overdue at its due instant, once, though nobody looked and all processes were down', async () => {
    await end();
    otherSide.wantsDigest = true;
    service.clock.set('2027-03-12T03:00:00.000Z');
    await begin();
    await passUntil('2027-03-12T03:00:00.000Z');
    await eventually(async () =>
      expect((await about(opened.code)).map(({ type }) => type)).toContain('DossierFellOverdue'),
    );
    await service.settled();
    await reminders.planner.replan();
    await eventually(async () => expect((await raised(opened.code)).length).toBeGreaterThan(5));
    const all = await about(opened.code);
    expect(all.filter(({ type }) => type === 'DossierFellOverdue')).toEqual([
      expect.objectContaining({ occurredAt: opened.dueAt, data: { dueAt: opened.dueAt } }),
    ]);
    const ids = await raised(opened.code);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('is told in one message to who wants a digest', async () => {
    const sent = async (): Promise<unknown[]> =>
      (await about(opened.code)).filter(({ type }) => type === 'ReminderSent').map(({ data }) => data['key']);
    await eventually(async () => {
      const [digest] = otherSide.digests;
      expect(digest?.items.map(({ to }) => to)).toEqual(digest?.items.map(() => 'official-9'));
      expect((await sent()).filter((key) => key === digest?.key)).toHaveLength(digest?.items.length ?? 0);
      expect(digest?.items.length).toBeGreaterThan(1);
    });
    expect(otherSide.digests).toHaveLength(1);
  });

  it('is counted, with how late it was', async () => {
    expect(await counted('reminders_planned_total')).toBeGreaterThanOrEqual(2);
    expect(await counted('reminders_raised_total')).toBe((await raised(opened.code)).length);
    const sent = (await about(opened.code)).filter(({ type }) => type === 'ReminderSent').length;
    await eventually(async () => {
      expect(await counted('reminders_sent_total{channel="email"}')).toBeGreaterThanOrEqual(sent);
      expect(await counted('reminder_lateness_seconds_count{channel="email"}')).toBeGreaterThanOrEqual(sent);
    });
    // Noted on 12 March at 10:00; due on 11 March at 9:00.
    expect(await counted('overdue_delay_seconds_sum')).toBe(25 * 3_600);
    expect(await counted('overdue_delay_seconds_count')).toBe(1);
  });

  it('is left in peace once it has ended', async () => {
    // What the clock noted meanwhile is no reason to refuse a step.
    await held.takeAll('resolve', 'return');
    await service.settled();
    await eventually(async () => expect(await wakes(opened.code)).toEqual([]));
    expect(told.filter((line) => !line.includes(' planned, '))).toEqual([]);
  });
});

describe('a dossier about which two persons cancelled the alert', () => {
  const types = async (code: string): Promise<string[]> => (await about(code)).map(({ type }) => type);

  it('has dropped what had not left, and falls overdue without another word', async () => {
    service.clock.set('2027-03-15T02:00:00.000Z');
    otherSide.wantsDigest = false;
    otherSide.away = true;
    const opened = (await open(service)).body as OpeningAnswer;
    const { code, dueAt } = opened;
    const held = new Held(service, opened);
    await held.take('hand-over', { toOfficial: 'official-9' });
    await passUntil('2027-03-16T08:00:00.000Z');
    await eventually(async () => expect(await raised(code)).toHaveLength(1));
    await held.take('cancel-alert', { topic: 'result', dueAt });
    await held.approve();
    otherSide.away = false;
    await engine.queue(DELIVERIES).obliterate({ force: true });
    await service.settled();
    await reminders.planner.replan();
    await eventually(async () => expect(await types(code)).toContain('ReminderDropped'));
    await passUntil('2027-03-19T03:00:00.000Z');
    await eventually(async () => expect(await types(code)).toContain('DossierFellOverdue'));
    await service.settled();
    await reminders.planner.replan();
    expect((await raised(code)).filter((id) => String(id).startsWith('result/'))).toHaveLength(1);
    expect(otherSide.got.filter((message) => message.code === code && message.about === 'result')).toEqual(
      [],
    );
  });
});
