import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ANY, EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { status } from '@grpc/grpc-js';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSignedCertificate } from '../support/eventstoredb/certificate.js';
import { startEventStoreCluster } from '../support/eventstoredb/cluster.js';
import {
  type EventStoreStandIn,
  type StandInOptions,
  startEventStore,
} from '../support/eventstoredb/stand-in.js';

let folder: string;
let server: EventStoreStandIn;
let client: EventStoreDBClient;

async function open(options: StandInOptions = {}): Promise<void> {
  server = await startEventStore(options);
  client = EventStoreDBClient.connectionString(server.url);
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stand-in-'));
});
afterEach(async () => {
  await client.dispose();
  await server.stop();
  await rm(folder, { recursive: true });
});

const event = (id: string = randomUUID()) => jsonEvent({ id, type: 'Tried', data: {} });
const never = Symbol('never');
const within = (promise: Promise<unknown>, ms = 150): Promise<unknown> =>
  Promise.race([promise, new Promise((resolve) => setTimeout(resolve, ms, never))]);

/** The first call after a restart may meet the dead connection: clients of one process share it, new ones too. */
async function retried<T>(call: () => Promise<T>): Promise<T> {
  for (let left = 20; ; left -= 1) {
    try {
      return await call();
    } catch (error) {
      if (left === 0 || (error as { type?: string }).type !== 'unavailable') throw error;
    }
  }
}

async function read(): Promise<string[]> {
  const ids: string[] = [];
  for await (const { event: found } of client.readStream('a-1')) ids.push(found!.id);
  return ids;
}

describe('appends that fail on demand', () => {
  beforeEach(() => open());

  it('are never answered, and not written', async () => {
    server.faults.set('append', { kind: 'silent' }, 1);
    expect(await within(client.appendToStream('a-1', event()))).toBe(never);
    expect(server.count).toBe(0);
    await client.appendToStream('a-1', event());
    expect(server.count).toBe(1);
  });

  it('are written, while the connection is cut before the answer', async () => {
    const one = event();
    server.faults.set('append', { kind: 'commit-then-drop' }, 1);
    await expect(client.appendToStream('a-1', one, { expectedRevision: NO_STREAM })).rejects.toMatchObject({
      type: 'unavailable',
    });
    expect(await client.appendToStream('a-1', one, { expectedRevision: NO_STREAM })).toMatchObject({
      nextExpectedRevision: 0n,
    });
    expect(await read()).toEqual([one.id]);
  });

  it('are written, and answered with a timeout', async () => {
    server.faults.set('append', { kind: 'commit-then-timeout' }, 1);
    await expect(client.appendToStream('a-1', event())).rejects.toMatchObject({ type: 'deadline-exceeded' });
    expect(server.count).toBe(1);
  });

  it('are refused as at another revision, by a leader elsewhere, or with any status', async () => {
    server.faults.set('append', { kind: 'wrong-revision', current: 7 }, 1);
    await expect(client.appendToStream('a-1', event())).rejects.toMatchObject({ actualVersion: 7n });
    server.faults.set('append', { kind: 'status', code: status.UNAVAILABLE }, 1);
    await expect(client.appendToStream('a-1', event())).rejects.toMatchObject({ type: 'unavailable' });
    server.faults.set('append', { kind: 'not-leader', ...server.address }, 1);
    await expect(client.appendToStream('a-1', event())).rejects.toMatchObject({
      type: 'not-leader',
      leader: { address: '127.0.0.1', port: server.address.port },
    });
    await client.appendToStream('a-1', event());
  });

  it('run into their deadline at once where the server is ahead of the client', async () => {
    server.clockOffsetMs = 3_600_000;
    await expect(client.appendToStream('a-1', event())).rejects.toMatchObject({ type: 'deadline-exceeded' });
    expect(server.count).toBe(0);
  });

  it('are refused above the largest size, in batches and alone', async () => {
    const large = jsonEvent({ type: 'Large', data: { text: 'x'.repeat(1_100_000) } });
    for (const options of [{}, { credentials: { username: 'a', password: 'b' } }]) {
      await expect(client.appendToStream('a-1', large, options)).rejects.toMatchObject({
        type: 'maximum-append-size-exceeded',
        maxAppendSize: 1_048_576,
      });
    }
  });
});

describe('reads and subscriptions that fail on demand', () => {
  beforeEach(async () => {
    await open();
    await client.appendToStream('a-1', [event(), event(), event()]);
  });

  it('are cut in the middle', async () => {
    server.faults.set('read', { kind: 'drop', after: 2 }, 1);
    let seen = 0;
    const reading = (async () => {
      for await (const _ of client.readStream('a-1')) seen += 1;
    })();
    await expect(reading).rejects.toMatchObject({ type: 'unavailable' });
    expect(seen).toBe(2);
    expect(await read()).toHaveLength(3);
  });

  it('are never answered', async () => {
    server.faults.set(['read', 'subscribe'], { kind: 'silent' }, 2);
    const silent = client.readStream('a-1');
    expect(await within(new Promise((resolve) => silent.once('data', resolve)))).toBe(never);
    await silent.cancel();
  });
});

describe('a server that goes away', () => {
  it('has after a kill what it had acknowledged', async () => {
    const journal = join(folder, 'journal');
    await open({ journal });
    const [one, two] = [event(), event()];
    await client.appendToStream('a-1', one);
    await server.stop();
    await writeFile(journal, '{"events":[{"id":"cut', { flag: 'a' });
    await server.start();
    expect(await retried(read)).toEqual([one.id]);
    await client.appendToStream('a-1', two, { expectedRevision: 0n });
    await server.restart();
    expect(await retried(read)).toEqual([one.id, two.id]);
  });

  it('knows repeats at any revision no more, at an exact one it does', async () => {
    await open();
    const one = event();
    await client.appendToStream('a-1', one, { expectedRevision: NO_STREAM });
    await client.appendToStream('a-1', one, { expectedRevision: ANY });
    expect(server.count).toBe(1);
    await server.restart();
    await retried(() => client.appendToStream('a-1', one, { expectedRevision: NO_STREAM }));
    expect(server.count).toBe(1);
    await client.appendToStream('a-1', one, { expectedRevision: ANY });
    expect(server.count).toBe(2);
  });
});

describe('a server with accounts', () => {
  it('refuses who has none, and takes appends and reads of who has one', async () => {
    const tls = selfSignedCertificate();
    const ca = join(folder, 'ca.pem');
    await writeFile(ca, tls.certificate);
    server = await startEventStore({ tls, users: { admin: 'changeit' } });
    const url = `${server.url}&tlsCAFile=${ca}`;
    for (const account of ['', 'admin:wrong@']) {
      client = EventStoreDBClient.connectionString(url.replace('esdb://', `esdb://${account}`));
      await expect(client.appendToStream('a-1', event())).rejects.toMatchObject({ type: 'access-denied' });
      await client.dispose();
    }
    client = EventStoreDBClient.connectionString(url.replace('esdb://', 'esdb://admin:changeit@'));
    await client.appendToStream('a-1', event());
    expect(await read()).toHaveLength(1);
  });
});

describe('a cluster', () => {
  it('is discovered, and is asked for again when its leader has gone', async () => {
    await open();
    const cluster = await startEventStoreCluster(3);
    const found = EventStoreDBClient.connectionString(`${cluster.url}&maxDiscoverAttempts=50`);
    try {
      await found.appendToStream('a-1', event());
      expect(cluster.members.map(({ connections }) => connections > 0)[0]).toBe(true);
      await cluster.members[0]!.kill();
      cluster.lead(1);
      await found.appendToStream('a-1', event()).catch(() => undefined);
      await found.appendToStream('a-1', event());
      expect(cluster.members[1]!.connections).toBeGreaterThan(0);
    } finally {
      await found.dispose();
      await cluster.stop();
    }
  });

  it('has followers that pass appends on, unless the client wants to hear of the leader', async () => {
    await open();
    const cluster = await startEventStoreCluster(2);
    const follower = EventStoreDBClient.connectionString(cluster.members[1]!.url);
    try {
      await follower.appendToStream('a-1', event());
      await expect(
        follower.appendToStream('a-1', event(), {
          requiresLeader: true,
          credentials: { username: 'a', password: 'b' },
        }),
      ).rejects.toMatchObject({
        leader: { port: cluster.members[0]!.address.port },
      });
    } finally {
      await follower.dispose();
      await cluster.stop();
    }
  });
});
