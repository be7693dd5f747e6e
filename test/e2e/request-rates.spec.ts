import { afterEach, describe, expect, it } from '@jest/globals';
import { NAMED_LIMITS } from '#libs/access/limits/request-limiter.js';
import { call, refused } from '../support/http.js';
import { startService, type TestService } from '../support/service.js';

const running: TestService[] = [];
afterEach(async () => {
  for (const service of running.splice(0).reverse()) await service.close();
});
async function start(...given: Parameters<typeof startService>): Promise<TestService> {
  const service = await startService(...given);
  running.push(service);
  return service;
}

const LOOK_UP = { body: { code: 'H54.12-240311-0001', secret: 'ABCD-EFGH-JKMN' } };
const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });

describe('requests that come too often', () => {
  it('are refused by address, and told when to come again', async () => {
    const service = await start(undefined, { requestRates: { account: 0, address: 3 } });
    for (let at = 0; at < 2; at += 1) await call(service, 'GET', '/api/procedures');
    await refused(service, [429, 'too-many-requests'], 'GET', '/api/procedures');
    const answer = await call(service, 'GET', '/api/openapi.json');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '60']);
    expect(answer.headers.get('ratelimit-policy')).toBe('"address";q=3;w=60');
    expect(answer.headers.get('ratelimit')).toBe('"address";r=0;t=60');
    expect((await fetch(`${service.url}/health/live`)).status).toBe(200);
    service.clock.set('2024-03-11T02:01:00.000Z');
    expect((await call(service, 'GET', '/api/procedures')).status).toBe(200);
  });

  it('are refused by account', async () => {
    const service = await start(undefined, { requestRates: { account: 3, address: 0 } });
    for (let at = 0; at < 3; at += 1) await call(service, 'GET', '/api/procedures');
    await refused(service, [429, 'too-many-requests'], 'GET', '/api/procedures');
  });

  it('of look-ups are counted over all instances', async () => {
    const first = await start();
    const second = await start(undefined, { beside: first });
    const { points } = NAMED_LIMITS['look-up'];
    for (let at = 0; at < points; at += 1) {
      await refused(at % 2 ? first : second, [404, 'look-up-failed'], 'POST', '/api/look-up', LOOK_UP);
    }
    await refused(first, [429, 'too-many-requests'], 'POST', '/api/look-up', LOOK_UP);
    await refused(second, [429, 'too-many-requests'], 'POST', '/api/look-up', LOOK_UP);
  });
});

describe('the address that requests come from', () => {
  const rates = { requestRates: { account: 0, address: 2 } };
  const asks = async (service: TestService, address: string): Promise<number> =>
    (await call(service, 'GET', '/api/procedures', from(address))).status;

  it('is that of the connection, whatever a client says', async () => {
    const service = await start(undefined, rates);
    const statuses = [await asks(service, '203.0.113.1'), await asks(service, '203.0.113.2')];
    expect([...statuses, await asks(service, '203.0.113.3')]).toContain(429);
  });

  it('is the one that a trusted proxy names, and not one that the client put before it', async () => {
    const service = await start(undefined, { ...rates, trustedProxies: ['127.0.0.1', '10.0.0.0/8'] });
    for (const one of ['198.51.100.1', '198.51.100.2']) {
      expect([
        await asks(service, `${one}, 203.0.113.1`),
        await asks(service, '203.0.113.9, 10.1.2.3'),
      ]).toEqual([200, 200]);
    }
    expect(await asks(service, '198.51.100.3, 203.0.113.1, 10.1.2.3')).toBe(429);
    expect(await asks(service, '203.0.113.7')).toBe(200);
  });
});
