import { describe, expect, it } from '@jest/globals';
import type { Grant } from '#libs/access/principal.js';
import type { EventLog } from '#libs/event-log/event-log.js';
import type { CommandHeaders } from '#libs/http/command-headers.decorator.js';
import type { Vault } from '#libs/personal-data/vault.js';
import { ErasureRunner } from './erasure-runner.js';
import type { Holding } from './retention.js';

const SUBJECT = '7d7c1f0a-3c2e-5b52-9a43-1f0b6a2d9e11';
const ENDED: Omit<Holding, 'code' | 'place'> = {
  ...{ endedAt: '2024-01-01T00:00:00.000Z', held: false, inClear: false },
  ...{ retentionMonths: undefined, zone: 'UTC' },
};
const lent = (unit: string, lentBy: string): Grant => ({ role: 'supervisor', units: [unit], lentBy });

/** Who is seen to act, for a person with a dossier in each of two units. */
async function actingBy(...grants: Grant[]): Promise<unknown> {
  const decided = new Error('decided');
  let seen: unknown;
  const runner = new ErasureRunner({
    log: { readStream: () => [][Symbol.iterator]() } as unknown as EventLog,
    vault: { digest: () => Buffer.alloc(32) } as unknown as Vault,
    clock: { now: () => 0 },
    holdings: () => Promise.resolve(['A', 'B'].map((unit) => ({ ...ENDED, code: unit, place: [unit] }))),
  });
  const principal = { id: 'third', by: 'token', grants };
  const by = {
    principal,
    action: 'decide-proposal',
    key: 'k',
    correlationId: 'c',
  } as unknown as CommandHeaders;
  const run = runner.run(SUBJECT, by, {}, (_state, _situation, acting) => {
    seen = acting;
    throw decided;
  });
  await expect(run).rejects.toBe(decided);
  return seen;
}

describe('who erases a person with dossiers in several units', () => {
  it('acts for whoever lent the right', async () => {
    const own: Grant = { role: 'supervisor', units: ['A'] };
    expect(await actingBy(own, lent('B', 'first'))).toEqual({ actor: 'third', onBehalfOf: 'first' });
  });

  it('puts no rights of several lenders together: one of them could be who asked for it', async () => {
    await expect(actingBy(lent('A', 'second'), lent('B', 'first'))).rejects.toThrow();
    await expect(actingBy(lent('A', 'first'), lent('B', 'first'))).resolves.toMatchObject({
      onBehalfOf: 'first',
    });
  });
});
