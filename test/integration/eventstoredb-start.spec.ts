import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EngineRoom, openEngineRoom, shifted } from '../support/eventstoredb-log.js';
import { selfSignedCertificate } from '../support/eventstoredb/certificate.js';
import { startEventStore } from '../support/eventstoredb/stand-in.js';

describe('before a process works with an EventStoreDB', () => {
  let room: EngineRoom;
  beforeAll(async () => {
    room = await openEngineRoom();
  });
  afterAll(async () => room?.close());

  it('looks whether it is there', async () => {
    const server = await startEventStore();
    const engine = room.engine(server.url, { retryMs: 300 });
    await engine.requireServer();
    await server.stop();
    await expect(engine.requireServer()).rejects.toMatchObject({ type: 'event-store-unreachable' });
  });

  it.each([-10_000, 10_000])('refuses a clock that is %i ms off, since it stamps the events', async (ms) => {
    const server = await startEventStore();
    await expect(room.engine(server.url, {}, shifted(ms)).requireServer()).rejects.toMatchObject({
      type: 'event-store-clock-off',
      details: { seconds: expect.any(Number) },
    });
    await room.engine(server.url, {}, shifted(ms / 5)).requireServer();
    await server.stop();
  });

  it('logs in over TLS, and says when it is not let in', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'motcua-tls-'));
    const tls = selfSignedCertificate();
    const caFile = join(folder, 'ca.pem');
    await writeFile(caFile, tls.certificate);
    const server = await startEventStore({ tls, users: { ops: 'p@ss' } });
    const url = (login: string): string =>
      `esdb://${login}127.0.0.1:${server.address.port}?tlsCAFile=${encodeURIComponent(caFile)}`;
    await room.engine(url('ops:p%40ss@')).requireServer();
    for (const login of ['ops:wrong@', '']) {
      await expect(room.engine(url(login)).requireServer()).rejects.toMatchObject({
        type: 'event-store-login-refused',
        message: expect.not.stringContaining('wrong'),
      });
    }
    // The clock is compared over TLS too.
    await expect(room.engine(url('ops:p%40ss@'), {}, shifted(60_000)).requireServer()).rejects.toMatchObject({
      type: 'event-store-clock-off',
    });
    await server.stop();
    await rm(folder, { recursive: true });
  });
});
