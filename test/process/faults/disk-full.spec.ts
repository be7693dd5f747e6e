import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { killServer } from '../../support/faults/kill-server.js';
import {
  eventsOf,
  expectAcknowledgedKept,
  expectInOrder,
  expectNothingDoubled,
  liveReport,
} from '../../support/faults/record.js';
import { SmallDisk } from '../../support/faults/small-disk.js';
import { Supervised } from '../../support/faults/supervised.js';
import { CLERKS, Work } from '../../support/faults/work.js';
import { motcua, startingService } from '../../support/program.js';
import { mulberry32 } from '../../support/random.js';
import { freePort } from '../../support/redis.js';
import { issueTokensTo } from '../../support/tokens.js';

const SEED = Number(process.env.FAULT_SEED ?? 20240701);
const TIMES = Math.min(10, Math.ceil(Number(process.env.FAULT_ROUNDS ?? 1) / 2));
const MEGABYTES = 192;
const FULL_MS = 2_000;
const [FROM, TO] = ['2023-12-01T00:00:00+07:00', '2100-01-01T00:00:00+07:00'];

/** Left out where this user may not mount a small disk: tools/left-out.js. */
describe(`the embedded store on a disk that is full ${TIMES} times (seed ${SEED})`, () => {
  const random = mulberry32(SEED);
  let disk: SmallDisk;
  let folder: string;
  let env: NodeJS.ProcessEnv;
  let api: Supervised;
  let work: Work;

  beforeAll(async () => {
    disk = await SmallDisk.mount(MEGABYTES);
    folder = join(disk.path, 'data');
    env = { MOTCUA_DATA: folder };
    const port = String(await freePort());
    api = new Supervised('api', () => startingService({ ...env, PORT: port }));
    await issueTokensTo((await api.up()).url, env, CLERKS);
    work = new Work({ apis: [api] }, random);
  }, 60_000);
  afterAll(async () => {
    await api.stop();
    await killServer(folder, true);
    await disk.unmount();
  });

  it('says so meanwhile, and goes on by itself when there is room again', async () => {
    for (let time = 0; time < TIMES; time += 1) {
      await work.through(async (more) => {
        await more(Math.floor(random() * 100));
        await disk.fill(Math.floor(random() * 400_000));
        await sleep(FULL_MS);
        // Another one writes beside us.
        await disk.fill();
        await sleep(FULL_MS);
        await disk.clear();
      });
    }
    expect(work.again).toBeGreaterThan(0);
  }, 240_000);

  it('has lost nothing that was acknowledged, and doubled nothing', async () => {
    const events = await eventsOf({ dataFolder: folder, databaseUrl: undefined, eventStoreUrl: undefined });
    expectAcknowledgedKept(events, work.sent);
    expectNothingDoubled(events, work.sent);
    expectInOrder(events, true);
    const live = await liveReport((await api.up()).url, FROM, TO);
    const recounted = await motcua(
      ['report', '--form', 'II.06a', '--from', FROM, '--to', TO, '--json', '--final', '--recount'],
      env,
    );
    expect(JSON.parse(recounted.stdout)).toMatchObject(live);
    expect(api.falls).toEqual([]);
  }, 60_000);
});
