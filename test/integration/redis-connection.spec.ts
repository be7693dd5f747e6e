import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Problem } from '#libs/problem/problem.js';
import { checkRedis } from '#libs/redis/check-redis.adapter.js';
import { parseRedisUrl } from '#libs/redis/redis-address.js';
import { connectRedis } from '#libs/redis/redis-connection.adapter.js';
import { CERTIFICATE, PRIVATE_KEY } from '../support/redis-certificate.js';
import {
  describeWithRedis,
  freePort,
  type RedisOptions,
  startCluster,
  startRedis,
  startSentinel,
  type TestRedis,
} from '../support/redis.js';

const running: TestRedis[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});

async function redis(options: RedisOptions = {}): Promise<TestRedis> {
  const server = await startRedis(options);
  running.push(server);
  return server;
}

/** What the check says: its warnings, or the problem. */
async function checked(url: string): Promise<{ lines: string[]; problem?: [string, Problem['details']] }> {
  const lines: string[] = [];
  try {
    await checkRedis(parseRedisUrl(url), (line) => lines.push(line), 800);
    return { lines };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { lines, problem: [error.type, error.details] };
  }
}

async function asked(url: string, ...commands: [string, ...string[]][]): Promise<unknown[]> {
  const client = connectRedis(parseRedisUrl(url), { log: () => undefined, waits: true });
  try {
    const answers: unknown[] = [];
    for (const [command, ...args] of commands) answers.push(await client.call(command, ...args));
    return answers;
  } finally {
    client.disconnect();
  }
}

describeWithRedis('a Redis', () => {
  it('that keeps what it holds is taken without a word', async () => {
    expect(await checked((await redis({ appendOnly: true })).url)).toEqual({ lines: [] });
    expect(await checked((await redis({ args: ['--save', '60', '1'] })).url)).toEqual({ lines: [] });
  });

  it('without persistence is taken with a warning', async () => {
    const { lines, problem } = await checked((await redis()).url);
    expect(problem).toBeUndefined();
    expect(lines).toEqual([expect.stringContaining('appendonly')]);
  });

  it('that may throw keys away is refused, also where CONFIG is forbidden', async () => {
    const evicting = ['--maxmemory-policy', 'allkeys-lru'];
    const plain = await redis({ args: evicting });
    const managed = await redis({ args: [...evicting, '--rename-command', 'CONFIG', ''] });
    for (const { url } of [plain, managed]) {
      expect((await checked(url)).problem).toEqual([
        'redis-evicts',
        { address: expect.stringContaining('127.0.0.1'), policy: 'allkeys-lru' },
      ]);
    }
  });

  it('where CONFIG is forbidden is judged by INFO', async () => {
    const forbidden = ['--rename-command', 'CONFIG', ''];
    expect(await checked((await redis({ appendOnly: true, args: forbidden })).url)).toEqual({ lines: [] });
    expect((await checked((await redis({ args: forbidden })).url)).lines).toHaveLength(1);
  });

  it('that refuses the login is told as such, without the password', async () => {
    const { port } = await redis({ args: ['--requirepass', 'right-word'] });
    for (const login of [':wrong-word@', 'nobody:wrong-word@', '']) {
      const { problem } = await checked(`redis://${login}127.0.0.1:${port}`);
      expect(problem?.[0]).toBe('redis-login-refused');
      expect(JSON.stringify(problem)).not.toContain('wrong-word');
    }
    expect((await checked(`redis://:right-word@127.0.0.1:${port}`)).problem).toBeUndefined();
  });

  it('that does not answer is given up after a limit', async () => {
    const { problem } = await checked(`redis://127.0.0.1:${await freePort()}`);
    expect(problem).toEqual([
      'redis-unreachable',
      expect.objectContaining({ reason: expect.stringContaining('ECONNREFUSED') }),
    ]);
    expect((await checked(`redis+cluster://127.0.0.1:${await freePort()}`)).problem?.[0]).toBe(
      'redis-unreachable',
    );
    expect((await checked(`redis+sentinel://127.0.0.1:${await freePort()}/m`)).problem?.[0]).toBe(
      'redis-unreachable',
    );
  });

  it('uses the database of its address', async () => {
    const { url } = await redis();
    await asked(`${url}/3`, ['SET', 'here', 'yes']);
    expect(await asked(url, ['GET', 'here'], ['SELECT', '3'], ['GET', 'here'])).toEqual([null, 'OK', 'yes']);
  });

  it('without the database of its address is refused', async () => {
    const { url } = await redis({ appendOnly: true });
    expect((await checked(`${url}/99`)).problem).toEqual([
      'redis-database-missing',
      { address: expect.stringContaining('127.0.0.1'), db: 99 },
    ]);
    expect(await checked(`${url}/15`)).toEqual({ lines: [] });
  });

  it('that was killed is connected again, told once each way', async () => {
    const server = await redis({ appendOnly: true });
    const lines: string[] = [];
    const client = connectRedis(parseRedisUrl(server.url), { log: (line) => lines.push(line), waits: true });
    await client.set('kept', 'yes');
    await server.kill();
    const answer = client.get('kept');
    await new Promise((resolve) => client.once('error', resolve));
    await server.restart();
    expect(await answer).toBe('yes');
    expect(lines).toEqual([
      expect.stringMatching(/^Redis 127\.0\.0\.1:\d+\/0: connection lost; trying again$/),
      expect.stringMatching(/connected again$/),
    ]);
    client.disconnect();
  });

  it('is not waited for by those that would rather fail', async () => {
    const server = await redis();
    const client = connectRedis(parseRedisUrl(server.url), { log: () => undefined, waits: false });
    await new Promise((resolve) => client.once('ready', resolve));
    const lost = new Promise((resolve) => client.once('close', resolve));
    await server.kill();
    await lost;
    await expect(client.get('kept')).rejects.toThrow();
    client.disconnect();
  });

  it('is found by Sentinels', async () => {
    const master = await redis({ appendOnly: true });
    const sentinel = await startSentinel(master);
    running.push(sentinel);
    const url = `redis+sentinel://127.0.0.1:${sentinel.port}/mymaster`;
    expect(await checked(url)).toEqual({ lines: [] });
    await asked(`${url}?db=2`, ['SET', 'by', 'sentinel']);
    expect(await asked(`${master.url}/2`, ['GET', 'by'])).toEqual(['sentinel']);
  });
});

describeWithRedis('a Redis Cluster', () => {
  const oneNode = async (args: readonly string[] = []): Promise<TestRedis> => {
    const node = await startCluster({ appendOnly: true, args });
    running.push(node);
    return node;
  };

  it('is asked at its masters', async () => {
    const { port } = await oneNode();
    expect(await checked(`redis+cluster://127.0.0.1:${port}`)).toEqual({ lines: [] });
    expect(await asked(`redis+cluster://127.0.0.1:${port}`, ['SET', '{motcua}:a', '1'])).toEqual(['OK']);
  });

  it('is refused where one of them may throw keys away', async () => {
    const { port } = await oneNode(['--maxmemory-policy', 'volatile-lru']);
    expect((await checked(`redis+cluster://127.0.0.1:${port}`)).problem?.[0]).toBe('redis-evicts');
  });
});

describe('the certificates to trust', () => {
  it('must be readable', async () => {
    expect((await checked('rediss://127.0.0.1?ca=/nowhere/ca.pem')).problem).toEqual([
      'redis-ca-unreadable',
      { file: '/nowhere/ca.pem', reason: 'ENOENT' },
    ]);
  });
});

describeWithRedis('a Redis with TLS', () => {
  let folder: string;
  let port: number;
  let server: TestRedis;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'motcua-tls-'));
    await writeFile(join(folder, 'cert.pem'), CERTIFICATE);
    await writeFile(join(folder, 'key.pem'), PRIVATE_KEY);
    port = await freePort();
    const files = ['--tls-cert-file', join(folder, 'cert.pem'), '--tls-key-file', join(folder, 'key.pem')];
    const args = ['--tls-port', String(port), ...files, '--tls-auth-clients', 'no'];
    server = await startRedis({ appendOnly: true, args });
  });
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  });

  it('is trusted by its certificate and name', async () => {
    const url = `rediss://127.0.0.1:${port}?ca=${join(folder, 'cert.pem')}&servername=redis.test`;
    expect(await checked(url)).toEqual({ lines: [] });
  });

  it('is not trusted with another name, or without its certificate', async () => {
    const ca = join(folder, 'cert.pem');
    for (const options of [`?ca=${ca}`, '?servername=redis.test', '']) {
      expect((await checked(`rediss://127.0.0.1:${port}${options}`)).problem?.[0]).toBe('redis-unreachable');
    }
  });
});
