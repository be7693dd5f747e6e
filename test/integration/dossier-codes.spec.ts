import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { PostgresEventLog } from '#libs/event-log/adapters/postgres-event-log.adapter.js';
import { type Append, LogUnavailable, WrongExpectedRevision } from '#libs/event-log/event-log.js';
import { CommandBench, insist, opening, type Process, problemOf } from '../support/commands.js';

let bench: CommandBench;
let here: Process;
let there: Process;
beforeAll(async () => {
  bench = await CommandBench.open();
  ({ here, there } = bench);
});
afterAll(() => bench.close());
beforeEach(() => bench.nextDay());

describe('codes', () => {
  it('are unique and without gaps when fifty clerks accept at once', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => here.runner.open(opening())));
    expect(answers.map(({ code }) => code).sort()).toEqual(bench.codes(50));
    expect([...(await bench.dossiers()).keys()].sort()).toEqual(bench.codes(50));
  });

  it('also when they sit at two processes', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => (n % 2 === 0 ? here : there).runner.open(opening())),
    );
    expect(answers.map(({ code }) => code).sort()).toEqual(bench.codes(50));
    expect([...(await bench.dossiers()).keys()].sort()).toEqual(bench.codes(50));
  });

  it('are found by a process that is far behind others, which go on all the while', async () => {
    const slow = Object.create(there.log) as typeof there.log;
    const others = { lead: 0, tries: 0 };
    slow.appendInTurn = async (appends) => {
      others.tries += 1;
      // Every other time the others were faster, and by more than one.
      for (let n = 0; others.tries % 2 === 1 && n < 3; n += 1) {
        await here.runner.open(opening());
        others.lead += 1;
      }
      return there.log.appendInTurn(appends);
    };
    const answer = await bench.runnerOn(slow, there.receipts).open(opening());
    expect(answer.code).toBe(bench.code(others.lead + 1));
    expect(others.tries).toBe(2);
  });

  // A leader refuses also because of what it has not replicated yet, and what is gone if it is deposed then.
  it('leave none out because of a dossier that was never there', async () => {
    const deposed = Object.create(here.log) as typeof here.log;
    let refused = 0;
    deposed.appendInTurn = async (appends) => {
      const [{ stream }] = appends as [Append];
      if (refused++ > 0) return here.log.appendInTurn(appends);
      return { done: [], refused: new WrongExpectedRevision(stream, 'no_stream', 0n) };
    };
    expect((await bench.runnerOn(deposed, here.receipts).open(opening())).code).toBe(bench.code(1));
  });

  it('go on after a restart, and after what was refused', async () => {
    await here.runner.open(opening());
    await problemOf(here.runner.open(opening(randomUUID(), { procedure: '9.999999' })));
    const restarted = bench.runnerOn(here.log, here.receipts);
    expect((await restarted.open(opening())).code).toBe(bench.code(2));
  });

  it('go on after the log was out of reach', async () => {
    const broken = new PostgresEventLog(here.pool);
    const works = broken.readStream.bind(broken);
    broken.readStream = () => {
      throw new LogUnavailable(new Error('gone'));
    };
    const runner = bench.runnerOn(broken, here.receipts);
    const key = randomUUID();
    await expect(Promise.all([runner.open(opening(key)), runner.open(opening())])).rejects.toBeInstanceOf(
      LogUnavailable,
    );
    broken.readStream = works;
    expect((await insist(() => runner.open(opening(key)))).code).toBe(bench.code(1));
    await broken.close();
  });

  it('are counted for each unit and each day', async () => {
    expect((await here.runner.open(opening())).code).toBe(bench.code(1));
    expect((await here.runner.open(opening(randomUUID(), { unit: 'H54.13' }))).code).toMatch(
      /^H54\.13-.*-0001$/,
    );
    bench.nextDay('00:10'); // in UTC still the day before
    expect((await here.runner.open(opening())).code).toBe(bench.code(1));
  });
});
