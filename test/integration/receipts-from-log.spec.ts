import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { receiptsFromLog } from '#libs/dossier/commands/receipts-from-log.adapter.js';
import { CommandBench, handingOver, opening, problemOf } from '../support/commands.js';

let bench: CommandBench;
beforeAll(async () => {
  bench = await CommandBench.open();
});
afterAll(() => bench.close());
beforeEach(async () => {
  bench.nextDay();
  await bench.database.pool.query('TRUNCATE command_receipts');
});

const lose = () => bench.database.pool.query('TRUNCATE command_receipts');
const restore = () => receiptsFromLog(bench.here.log, bench.database.pool);
async function all(): Promise<Record<string, unknown>[]> {
  const { rows } = await bench.database.pool.query<Record<string, unknown>>(
    'SELECT command_id, hash, code FROM command_receipts ORDER BY command_id',
  );
  return rows;
}

describe('receipts made again from the log', () => {
  it('answer repeated keys as before: of openings too, after the dossier has moved on', async () => {
    const [key, other] = [randomUUID(), randomUUID()];
    const opened = await bench.here.runner.open(opening(key));
    const moved = await bench.here.runner.change(handingOver(opened.code, 0n, other));
    await lose();
    await restore();
    expect(await bench.there.runner.open(opening(key))).toEqual(opened);
    expect(await bench.there.runner.change(handingOver(opened.code, 0n, other))).toEqual(moved);
    expect(
      await problemOf(bench.there.runner.open(opening(key, { applicant: { name: 'Khác' } }))),
    ).toMatchObject({
      type: 'idempotency-key-reused',
    });
    expect((await bench.dossiers()).get(opened.code)).toHaveLength(2);
    expect((await bench.there.runner.open(opening())).code).toBe(bench.code(2));
  });

  it('are what keeps a repeated opening from being refused, never carried out twice', async () => {
    const key = randomUUID();
    await bench.here.runner.open(opening(key));
    await lose();
    expect(await problemOf(bench.there.runner.open(opening(key)))).toMatchObject({
      type: 'command-in-progress',
    });
    expect([...(await bench.dossiers()).keys()]).toEqual(bench.codes(1));
    await restore();
    expect((await bench.there.runner.open(opening(key))).code).toBe(bench.code(1));
  });

  it('are those that were there, whatever a further time finds', async () => {
    for (let n = 1; n <= 3; n += 1) {
      await bench.here.runner.open(opening());
      await bench.here.runner.change(handingOver(bench.code(n), 0n));
    }
    await lose();
    const commands = await restore();
    const first = await all();
    expect(first).toHaveLength(commands);
    expect(await restore()).toBe(commands);
    expect(await all()).toEqual(first);
  });

  it('settle what was claimed and never settled, and leave alone what is known', async () => {
    const open = opening();
    const { code } = await bench.here.runner.open(open);
    await lose();
    await bench.there.receipts.claim(open.context.commandId, open.hash);
    const stranger = randomUUID();
    await bench.there.receipts.claim(stranger, 'f'.repeat(64));
    await restore();
    const known = new Map((await all()).map((row) => [row['command_id'], row['code']]));
    expect(known.get(open.context.commandId)).toBe(code);
    expect(known.get(stranger)).toBeNull();
  });
});
