import { contextBy } from '#libs/dossier/testing/context.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { ChangeDossier, commandIdOf } from '#libs/dossier/commands/command.js';
import type { Receipts } from '#libs/dossier/commands/receipts.js';
import { PostgresReceipts } from '#libs/dossier/commands/receipts.adapter.js';
import { link } from '#libs/dossier/link/link.js';
import { stop } from '#libs/dossier/stop/stop.js';
import { Problem } from '#libs/problem/problem.js';
import { createPool } from '#libs/read-db/pool.adapter.js';
import { CommandBench, handingOver, insist, opening, type Process, problemOf } from '../support/commands.js';

let bench: CommandBench;
let here: Process;
let there: Process;
beforeAll(async () => {
  bench = await CommandBench.open();
  ({ here, there } = bench);
});
afterAll(() => bench.close());
beforeEach(() => bench.nextDay());

describe('the same key', () => {
  it('gets the first answer, though the dossier has moved since', async () => {
    const key = randomUUID();
    const answer = await here.runner.open(opening(key));
    const moved = await here.runner.change(handingOver(answer.code, 0n, key + 'x'));
    expect(await here.runner.open(opening(key))).toEqual(answer);
    expect(await insist(() => there.runner.open(opening(key)))).toEqual(answer);
    // What If-Match says is not part of the command: a repeat may have seen the newer revision.
    expect(await here.runner.change(handingOver(answer.code, 1n, key + 'x'))).toEqual(moved);
    expect((await bench.dossiers()).get(answer.code)).toHaveLength(2);
  });

  it('gets one answer when it comes many times at once', async () => {
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 10 }, () => here.runner.open(opening(key))));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect([...(await bench.dossiers()).keys()]).toEqual(bench.codes(1));
  });

  it('gets one answer when it comes to two processes at once', async () => {
    const key = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        insist(() => (n % 2 === 0 ? here : there).runner.open(opening(key))),
      ),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect([...(await bench.dossiers()).keys()]).toEqual(bench.codes(1));
  });

  it('with other content is refused, and changes nothing', async () => {
    const key = randomUUID();
    const { code } = await here.runner.open(opening(key));
    const other = opening(key, { applicant: { name: 'Trần Thị Bình' } });
    expect(await problemOf(here.runner.open(other))).toMatchObject({ type: 'idempotency-key-reused' });
    expect(await problemOf(there.runner.open(other))).toMatchObject({ type: 'idempotency-key-reused' });
    const step = handingOver(code, 0n, key);
    expect(await problemOf(here.runner.change(step))).toMatchObject({ type: 'idempotency-key-reused' });
    expect((await bench.dossiers()).get(code)).toHaveLength(1);
  });

  it('is remembered with the dossier that it was about, so that a repeat is not searched for', async () => {
    const settled = new Map<string, string>();
    const runner = bench.runnerOn(here.log, {
      claim: () => Promise.resolve(undefined),
      release: () => Promise.resolve(),
      settle: (id, code) => Promise.resolve(void settled.set(id, code)),
    });
    const [open, step] = [opening(), handingOver(bench.code(1), 0n)];
    await runner.open(open);
    await runner.change(step);
    expect([...settled]).toEqual([
      [open.context.commandId, bench.code(1)],
      [step.context.commandId, bench.code(1)],
    ]);
  });

  it('leaves no hash of its content behind, by which that could be confirmed of somebody who is erased', async () => {
    const [key, receipts] = [randomUUID(), new PostgresReceipts(here.pool)];
    const [command, settled] = [opening(key), new Set<string>()];
    const runner = bench.runnerOn(here.log, {
      claim: (id, hash) => receipts.claim(id, hash),
      release: (id) => receipts.release(id),
      settle: (id, code) => receipts.settle(id, code).then(() => void settled.add(id)),
    });
    const answer = await runner.open(command);
    while (!settled.has(command.context.commandId)) await new Promise(setImmediate);
    const { rows } = await here.pool.query('SELECT hash, code FROM command_receipts WHERE command_id = $1', [
      command.context.commandId,
    ]);
    expect(rows).toEqual([{ hash: '', code: answer.code }]);
    expect(await there.runner.open(opening(key))).toEqual(answer);
    for (const other of [
      opening(key, { official: 'official-9' }),
      handingOver('H54.12-200101-0001', 0n, key),
    ]) {
      const repeated = other instanceof ChangeDossier ? there.runner.change(other) : there.runner.open(other);
      expect(await problemOf(repeated)).toMatchObject({ type: 'idempotency-key-reused' });
    }
  });

  it('tells another submitter, one that is left out and one that is added', async () => {
    const named = { submitter: { name: 'Lê Thị Bình', idNumber: '001090000001' } };
    const [two, one] = [randomUUID(), randomUUID()];
    const again = bench.runnerOn(here.log, {
      claim: () => Promise.resolve(undefined),
      release: () => Promise.resolve(),
      settle: () => Promise.resolve(),
    });
    const answer = await here.runner.open(opening(two, named));
    await here.runner.open(opening(one));
    expect(await again.open(opening(two, named))).toEqual(answer);
    for (const other of [
      opening(two),
      opening(two, { submitter: { name: 'Lê Thị Bình', idNumber: '001090000002' } }),
      opening(one, named),
    ]) {
      expect(await problemOf(again.open(other))).toMatchObject({ type: 'idempotency-key-reused' });
    }
  });

  it('waits for a process that is still at it, not for one that is dead', async () => {
    const [alive, dead] = [opening(), opening()];
    const pool = createPool(bench.database.url);
    const keyed = (hash: string) => here.vault.digest('command', hash).toString('base64url');
    expect(await there.receipts.claim(alive.context.commandId, keyed(alive.hash))).toBeUndefined();
    expect(await new PostgresReceipts(pool).claim(dead.context.commandId, keyed(dead.hash))).toBeUndefined();
    await pool.end();
    expect(await problemOf(here.runner.open(alive))).toMatchObject({ type: 'command-in-progress' });
    expect((await here.runner.open(dead)).code).toBe(bench.code(1));
  });

  it('of another actor is another command', async () => {
    const key = randomUUID();
    expect(commandIdOf('clerk-1', key)).not.toBe(commandIdOf('clerk-2', key));
    expect(commandIdOf('clerk-1', key)).toBe(commandIdOf('clerk-1', key));
  });
});

describe('a refused command', () => {
  it('writes nothing and leaves its key free for what is right', async () => {
    const key = randomUUID();
    const wrong = opening(key, { procedure: '9.999999' });
    expect(await problemOf(here.runner.open(wrong))).toMatchObject({ type: 'procedure-unknown' });
    expect((await bench.dossiers()).size).toBe(0);
    expect((await there.runner.open(opening(key))).code).toBe(bench.code(1));
  });

  it('as a step does the same', async () => {
    const { code } = await here.runner.open(opening());
    const key = randomUUID();
    const context = { ...contextBy('clerk-1', 'stop', key), seen: 0n };
    const stopping = new ChangeDossier(code, context, { step: 'stop', input: {} }, stop({ reason: 'x' }));
    expect(await problemOf(here.runner.change(stopping))).toMatchObject({ type: 'step-not-allowed' });
    expect(await here.runner.change(handingOver(code, 0n, key))).toMatchObject({ status: 'processing' });
  });

  it('names a former dossier that does not exist', async () => {
    const formerCode = 'H54.12-200101-0001';
    const command = opening(randomUUID(), { formerCode }, [formerCode]);
    expect(await problemOf(here.runner.open(command))).toMatchObject({
      fields: [{ pointer: '/formerCode' }],
    });
    const { code } = await here.runner.open(opening());
    const context = { ...contextBy('clerk-1', 'link'), seen: 0n };
    const linking = new ChangeDossier(code, context, { step: 'link', input: {} }, link({ formerCode }), [
      formerCode,
    ]);
    expect(await problemOf(here.runner.change(linking))).toMatchObject({
      fields: [{ pointer: '/formerCode' }],
    });
    expect([...(await bench.dossiers()).values()].flat()).toHaveLength(1);
  });

  it('names a dossier that does not exist', async () => {
    expect(await problemOf(here.runner.change(handingOver('H54.12-200101-0001', 0n)))).toMatchObject({
      type: 'dossier-unknown',
    });
  });
});

describe('a command that was cut off after its events were appended', () => {
  /** Receipts whose next `settle` does not arrive. */
  const cutOff = (receipts: Receipts): Receipts => {
    let cut = true;
    return {
      claim: (id, hash) => receipts.claim(id, hash),
      release: (id) => receipts.release(id),
      settle: (id, code) => {
        if (!cut) return receipts.settle(id, code);
        cut = false;
        return Promise.reject(new Error('cut off'));
      },
    };
  };

  it('is answered from the log when it comes again, and opens no second dossier', async () => {
    const runner = bench.runnerOn(here.log, cutOff(here.receipts));
    const key = randomUUID();
    await runner.open(opening(key)).catch(() => undefined);
    await here.runner.open(opening());
    const answer = await runner.open(opening(key));
    expect(answer).toMatchObject({ code: bench.code(1), revision: 0, status: 'accepted' });
    expect([...(await bench.dossiers()).keys()].sort()).toEqual(bench.codes(2));
  });

  it('is found when it comes again only days later', async () => {
    const runner = bench.runnerOn(here.log, cutOff(here.receipts));
    const key = randomUUID();
    await runner.open(opening(key)).catch(() => undefined);
    const code = bench.code(1);
    bench.nextDay();
    bench.nextDay();
    expect(await runner.open(opening(key))).toMatchObject({ code });
    expect((await bench.dossiers()).size).toBe(0);
  });

  it('as a step does the same', async () => {
    const { code } = await here.runner.open(opening());
    const runner = bench.runnerOn(here.log, cutOff(here.receipts));
    const key = randomUUID();
    await runner.change(handingOver(code, 0n, key)).catch(() => undefined);
    expect(await runner.change(handingOver(code, 0n, key))).toMatchObject({
      revision: 1,
      status: 'processing',
    });
    expect((await bench.dossiers()).get(code)).toHaveLength(2);
  });

  it('is answered from the log by a process that knows nothing of it, also where it would be refused by now', async () => {
    const forgetful: Receipts = {
      claim: () => Promise.resolve(undefined),
      release: () => Promise.resolve(),
      settle: () => Promise.resolve(),
    };
    const key = randomUUID();
    const first = await here.runner.open(opening(key));
    const runner = bench.runnerOn(there.log, forgetful);
    expect(await runner.open(opening(key))).toEqual(first);
    const refused = Object.assign(opening(key), {
      decide: () => {
        throw new Problem('procedure-unknown');
      },
    });
    expect(await runner.open(refused)).toEqual(first);
    const other = opening(key, { applicant: { name: 'Khác' } });
    expect(await problemOf(runner.open(other))).toMatchObject({ type: 'idempotency-key-reused' });
    expect([...(await bench.dossiers()).keys()]).toEqual(bench.codes(1));
    expect((await here.runner.open(opening())).code).toBe(bench.code(2));
  });
});

describe('the revision that was seen', () => {
  it('is answered with what happened since, when it is stale', async () => {
    const { code } = await here.runner.open(opening());
    await here.runner.change(handingOver(code, 0n));
    const stale = await problemOf(there.runner.change(handingOver(code, 0n)));
    expect(stale).toMatchObject({
      type: 'revision-stale',
      details: {
        code,
        stated: 0,
        revision: 1,
        since: [{ revision: 1, type: 'DossierHandedOver', occurredAt: bench.now, actor: 'clerk-1' }],
      },
    });
  });

  it('is refused when there is no such revision', async () => {
    const { code } = await here.runner.open(opening());
    expect(await problemOf(here.runner.change(handingOver(code, 7n)))).toMatchObject({
      type: 'revision-unknown',
      details: { stated: 7, revision: 0 },
    });
  });

  it('lets one of two clerks through who saw the same', async () => {
    const { code } = await here.runner.open(opening());
    const outcomes = await Promise.allSettled([
      here.runner.change(handingOver(code, 0n, randomUUID(), 'QLĐT')),
      there.runner.change(handingOver(code, 0n, randomUUID(), 'TNMT')),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refused = outcomes.find((outcome) => outcome.status === 'rejected');
    expect(refused?.reason).toMatchObject({ type: 'revision-stale' });
    expect((await bench.dossiers()).get(code)).toHaveLength(2);
  });
});
