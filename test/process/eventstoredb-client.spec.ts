import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { projectRoot } from '#apps/platform/project-root.js';
import { eventStoreDbMigrations } from '#libs/event-log/adapters/eventstoredb-schema.adapter.js';
import { sampleEvent } from '#libs/event-log/testing/contract-support.js';
import { migrate } from '#libs/read-db/migrate.adapter.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type EventStoreStandIn, startEventStore } from '../support/eventstoredb/stand-in.js';

/** A process with the log open, whose rejections that nobody handles are its own. */
const OPEN = `
  const { openLog } = await import('#apps/platform/open-log.js');
  const { createPool } = await import('#libs/read-db/pool.adapter.js');
  const { systemClock } = await import('#libs/event-log/clock.js');
  const say = (line) => console.log(line);
  const pool = createPool(process.env.DATABASE_URL);
  const log = await openLog(pool, systemClock, {
    eventStoreUrl: process.env.EVENTSTORE_URL, notice: (line) => say('notice ' + line), onRetry: (line) => say('retry ' + line),
  });
  const event = ${JSON.stringify(sampleEvent())};
`;

describe('rejections inside the client for EventStoreDB', () => {
  let server: EventStoreStandIn;
  let database: TestDatabase;
  beforeAll(async () => {
    server = await startEventStore();
    database = await createTestDatabase();
    await migrate(database.pool, eventStoreDbMigrations);
  });
  afterAll(async () => {
    await database?.drop();
    await server?.stop();
  });

  const run = (script: string): Promise<{ code: number | null; output: string }> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', OPEN + script], {
        cwd: projectRoot,
        env: { PATH: process.env['PATH'], DATABASE_URL: database.url, EVENTSTORE_URL: server.url },
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (text) => (output += String(text)));
      child.on('close', (code) => resolve({ code, output }));
    });

  it('D: an error without details is one line; the append it belongs to is made again', async () => {
    server.faults.set('append', { kind: 'bare-status' }, 1);
    const { code, output } = await run(`
      const { repeated } = await log.append('sample-1', 'no_stream', [event]);
      say('appended, repeated: ' + repeated);
      await log.close();
      await pool.end();
    `);
    expect(output).toContain('notice event store client: Cannot read properties of undefined');
    expect(output).toContain('appended, repeated: false');
    expect(code).toBe(0);
  });

  it('every other rejection that nobody handles ends the process', async () => {
    const { code, output } = await run(`
      void Promise.reject(new Error('of our own'));
      setTimeout(() => say('still here'), 5_000);
    `);
    expect(code).not.toBe(0);
    expect(output).toContain('of our own');
    expect(output).not.toContain('still here');
  });

  it('so does an error of our code that the client called', async () => {
    const { code, output } = await run(`
      const { EventStoreDBClient } = await import('@eventstore/db-client');
      const client = EventStoreDBClient.connectionString(process.env.EVENTSTORE_URL);
      client.subscribeToAll().on('confirmation', () => { throw new Error('of our own'); });
      setTimeout(() => say('still here'), 5_000);
    `);
    expect(code).not.toBe(0);
    expect(output).toContain('of our own');
  });
});
