import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { verifyAndNote } from '#libs/verification/verify-and-note.js';
import { Verifications } from '#libs/verification/verifications.adapter.js';
import { call } from '../support/http.js';
import { startService, type TestService } from '../support/service.js';
import { tamper } from '../support/tamper.js';

let service: TestService;
beforeAll(async () => (service = await startService('2024-03-11T19:30:00.000Z')), 60_000);
afterAll(() => service.close());

const verify = async (): Promise<void> => {
  const { rawLog: log, pool, clock } = service.platform;
  await verifyAndNote({ log, verifications: new Verifications(pool), clock }, new AbortController().signal);
};
const list = async () =>
  (await call<{ items: readonly object[] }>(service, 'GET', '/api/verifications')).body.items;
const inHealth = async () =>
  (await call<{ lastVerification?: object | null }>(service, 'GET', '/health/ready')).body.lastVerification;

describe('what the verifications of the log found', () => {
  it('is empty before the first', async () => {
    expect([await list(), await inHealth()]).toEqual([[], null]);
  });

  it('is listed, the newest first, and in short told by health', async () => {
    const events = Number(await service.platform.log.head());
    await verify();
    const first = {
      ...{ engine: 'postgresql', startedAt: '2024-03-11T19:30:00.000Z', endedAt: '2024-03-11T19:30:00.000Z' },
      ...{ events, position: events, findingsCount: 0 },
    };
    expect(await inHealth()).toEqual(first);
    await tamper(service.platform.pool, `DELETE FROM event_log.events WHERE position = ${events}`);
    await verify();
    expect(await inHealth()).toMatchObject({ events: events - 1, findingsCount: 1 });
    expect(await list()).toMatchObject([
      { id: 2, findingsCount: 1, findings: [{ kind: 'cut_off', position: events }] },
      { id: 1, ...first, findings: [] },
    ]);
  });

  it('shows one that was broken off as not ended; health goes by the last that did', async () => {
    const { pool } = service.platform;
    await new Verifications(pool).begin('postgresql', '2024-03-12T19:30:00.000Z');
    expect((await list())[0]).toMatchObject({ id: 3, endedAt: null, events: null, findingsCount: null });
    expect(await inHealth()).toMatchObject({ startedAt: '2024-03-11T19:30:00.000Z' });
  });
});
