import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { join } from 'node:path';
import { projectRoot } from '#apps/platform/project-root.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { EventStoreProcess } from '../support/event-store-process.js';
import { type Ended, Program, temporaryFolder } from '../support/program.js';

const SCRIPT = join(projectRoot, 'tools/contract.js');

describe('npm run contract, against the stand-in', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let database: TestDatabase;
  let server: EventStoreProcess;

  beforeAll(async () => {
    folder = await temporaryFolder();
    database = await createTestDatabase();
    server = await EventStoreProcess.start(join(folder.path, 'journal'));
  });
  afterAll(async () => {
    await server.stop();
    await database.drop();
    await folder.remove();
  });

  const contract = (...args: string[]): Promise<Ended> =>
    new Program(SCRIPT, ['--database', database.url, ...args], {}).ended;

  it('passes on a server that others write to', async () => {
    await server.control({ systemEvents: 3 });
    const client = EventStoreDBClient.connectionString(server.url);
    await client.appendToStream('dossier-foreign', jsonEvent({ type: 'OfOthers', data: { any: 'thing' } }));
    await client.dispose();
    const { code, stdout, stderr } = await contract('--eventstore', server.url, '--only', 'dossier-life');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/ok {6}a dossier brought in person › is accepted under a code/);
    expect(stdout).toMatch(/\n\d+ passed, 0 failed\n$/);
  }, 180_000);

  it('says what failed, with exit code 1, and shows no password', async () => {
    const args = ['--eventstore', 'esdb://admin:secret@127.0.0.1:1?tls=false', '--only', 'if-match'];
    const { code, stdout, stderr } = await contract(...args);
    expect(code).toBe(1);
    expect(stdout).toMatch(/failed {2}/);
    expect(stdout + stderr).not.toContain('secret');
  }, 60_000);
});
