import { expect } from '@jest/globals';
import { verifyLog } from '#libs/event-log/verify.js';
import type { TestService } from './service.js';

/** Runs what must be refused as a whole: the log must end where it did, and every hash in it must still be right. */
export async function expectNothingWritten(
  service: TestService,
  work: () => Promise<unknown>,
): Promise<void> {
  const before = await service.platform.log.head();
  await work();
  expect(await service.platform.log.head()).toBe(before);
}

export async function expectLogVerified(service: TestService): Promise<void> {
  const { findings, events } = await verifyLog(service.platform.rawLog.readAll(), true);
  expect(findings).toEqual([]);
  expect(events).toBe(Number(await service.platform.log.head()));
}
