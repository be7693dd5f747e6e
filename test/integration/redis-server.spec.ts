import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis.js';

describeWithRedis('the redis-server of the tests', () => {
  let server: TestRedis;
  beforeAll(async () => {
    server = await startRedis({ appendOnly: true });
  });
  afterAll(() => server.stop());

  it('keeps what it holds over a kill where it is told to', async () => {
    const client = new Redis(server.url);
    client.on('error', () => undefined);
    await client.set('kept', 'yes');
    await server.kill();
    await server.restart();
    expect(await client.get('kept')).toBe('yes');
    client.disconnect();
  });
});
