import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Reminders, startReminders } from '#apps/worker/reminders.js';
import type { EventLog, RecordedEvent } from '#libs/event-log/event-log.js';
import { JobEngine } from '#libs/jobs/job-engine.adapter.js';
import { ProjectionRunner } from '#libs/projection/runner.js';
import { type Channel, RefusedForGood } from '#libs/reminders/channel.js';
import { WatchedProjection } from '#libs/reminders/watched.projection.js';
import { newEvent } from '../support/dossier-events.js';
import { eventually } from '../support/eventually.js';
import { type OpenDossiers, openDossiers } from '../support/replay/open-dossiers.js';
import { TestClock } from '../support/service.js';

const DOSSIERS = [1, 2, 3].map((n) => ({
  code: `H54.12-270308-000${n}`,
  acceptedAt: '2027-03-08T01:00:00.000Z',
  dueAt: '2027-03-12T02:00:00.000Z',
}));
/** Two of each: more than are sent one by one. */
const MESSAGES = 2 * DOSSIERS.length;

/** A server of mails that knows nobody, until it does. */
class Refusing implements Channel {
  readonly name = 'email';
  readonly together = {
    wish: (_to: string, { now }: { now: number }) =>
      Promise.resolve({ at: this.isOpen ? now : now + 20, digest: false }),
    send: () => this.send(),
  };
  isOpen = false;
  knowsAll = false;
  asked = 0;

  send(): Promise<'sent' | 'gone'> {
    this.asked += 1;
    return this.knowsAll ? Promise.resolve('sent') : Promise.reject(new RefusedForGood('550 to RCPT TO'));
  }

  addressees(): Promise<readonly string[]> {
    return Promise.resolve(['official-9']);
  }
}

describe('messages that the other side refuses for good', () => {
  const clock = new TestClock('2027-03-08T02:00:00.000Z');
  const channel = new Refusing();
  const told: string[] = [];
  let afterFailure = (): Promise<void> => Promise.resolve();
  let open: OpenDossiers;
  let runner: ProjectionRunner;
  let engine: JobEngine;
  let reminders: Reminders;

  beforeAll(async () => {
    open = await openDossiers(clock, DOSSIERS);
    const { platform, reference, databaseUrl } = open;
    const { rawLog, pool, live } = platform;
    const projection = new WatchedProjection();
    const onMoved = (position: bigint): void => live.publish({ projection: 'reminders', position });
    runner = new ProjectionRunner({
      ...{ log: rawLog, pool, clock, projection, engine: rawLog.engine, token: 0n, onMoved },
    });
    runner.start();
    await folded();
    engine = await JobEngine.open({ databaseUrl }, (line) => told.push(line));
    const append: EventLog['append'] = async (stream, expected, events) => {
      const appended = await platform.log.append(stream, expected, events);
      if (events[0]?.type === 'ReminderFailed') await afterFailure();
      return appended;
    };
    const log = Object.assign(Object.create(platform.log) as EventLog, { append });
    reminders = startReminders({
      ...{ engine, platform: { ...platform, log }, reference: reference.data, accounts: { all: new Map() } },
      ...{ channels: [channel], notice: (line) => told.push(line) },
    });
  }, 60_000);
  afterAll(async () => {
    await reminders.close();
    await engine.close();
    await runner.stop();
    await open.platform.close();
  });

  async function folded(): Promise<void> {
    const head = await open.platform.log.head();
    await eventually(async () => {
      const { rows } = await open.platform.pool.query(
        `SELECT 1 FROM projection.checkpoints WHERE name = 'reminders' AND status = 'live' AND position >= $1`,
        [String(head)],
      );
      expect(rows).toHaveLength(1);
    });
  }

  async function noted(type: string): Promise<RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for await (const event of open.platform.log.readAll()) if (event.type === type) events.push(event);
    return events;
  }

  it('have failed at once, and all of a digest with it', async () => {
    // By the default policy: less than three working days are left, and less than half of the time.
    clock.set('2027-03-10T02:30:00.000Z');
    await reminders.planner.replan();
    await eventually(async () => expect(await noted('ReminderRaised')).toHaveLength(MESSAGES));
    await folded();
    channel.isOpen = true;
    await eventually(async () => expect(await noted('ReminderFailed')).toHaveLength(MESSAGES));
    expect(channel.asked).toBe(1);
    const failures = await noted('ReminderFailed');
    expect(new Set(failures.map(({ data }) => data['key'])).size).toBe(MESSAGES);
    expect(failures.map(({ data }) => data)).toEqual(
      failures.map(() => expect.objectContaining({ attempts: 1, reason: '550 to RCPT TO' }) as object),
    );
  });

  it('are sent when somebody wants that, though it was said while the message failed', async () => {
    const [{ data }] = (await noted('ReminderFailed')) as [RecordedEvent];
    const { code, reminder, to } = data as { code: string; reminder: string; to: string };
    const retry = async (): Promise<void> => {
      const retried = newEvent('ReminderRetried', { code, reminder, channel: 'email', to });
      await open.platform.log.append(`reminder-${code}`, 'any', [retried]);
      await folded();
    };
    afterFailure = async () => {
      channel.knowsAll = true;
      await retry();
      // Its job is still there, so that this puts none there.
      await reminders.planner.replan();
    };
    await retry();
    await eventually(async () => expect(await noted('ReminderSent')).toHaveLength(1));
    expect((await noted('ReminderSent'))[0]?.data).toMatchObject({ code, reminder });
    expect(await noted('ReminderFailed')).toHaveLength(MESSAGES + 1);
    expect(channel.asked).toBe(3);
  });
});
