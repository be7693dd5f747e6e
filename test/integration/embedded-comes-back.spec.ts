import { afterEach, describe, expect, it } from '@jest/globals';
import { type Database, openDatabase } from '#libs/read-db/database.adapter.js';
import { copyOfEmpty } from '../support/data-template.js';
import { eventually } from '../support/eventually.js';
import { killServer } from '../support/faults/kill-server.js';
import { serverRuns, temporaryFolder } from '../support/program.js';

describe('the embedded server that is killed while it is used', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let open: Database[] = [];

  afterEach(async () => {
    for (const database of open) await database.close();
    open = [];
    await folder.remove();
  });

  it('is started again, at the same address, for all who use it', async () => {
    folder = await temporaryFolder();
    await copyOfEmpty(folder.path);
    const said: string[] = [];
    const options = { dataFolder: folder.path, log: (line: string) => void said.push(line) };
    const [one, other] = (open = [await openDatabase(options), await openDatabase(options)]);
    await one!.pool.query('CREATE TABLE kept AS SELECT 1 AS n');
    for (const childrenFirst of [true, false]) {
      await killServer(folder.path, childrenFirst);
      for (const { pool } of [one!, other!]) {
        await eventually(async () => {
          expect((await pool.query('SELECT n FROM kept')).rows).toEqual([{ n: 1 }]);
        });
      }
    }
    expect(said).toContain('the database server has gone, and is started again');
    expect((await openDatabase(options).then((third) => (open.push(third), third))).url).toBe(one!.url);
  }, 60_000);

  it('is stopped by the last who leaves, and stays so', async () => {
    folder = await temporaryFolder();
    await copyOfEmpty(folder.path);
    const database = await openDatabase({ dataFolder: folder.path });
    await killServer(folder.path, true);
    await eventually(() => database.pool.query('SELECT 1'));
    await database.close();
    expect(await serverRuns(folder.path)).toBe(false);
  }, 60_000);
});
