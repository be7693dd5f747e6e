import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Problem } from '#libs/problem/problem.js';
import { describeRedis, parseRedisUrl } from './redis-address.js';

function partWrongIn(url: string): unknown {
  try {
    return parseRedisUrl(url);
  } catch (error) {
    if (!(error instanceof Problem) || error.type !== 'redis-url-wrong') throw error;
    return error.details['part'];
  }
}

describe('REDIS_URL', () => {
  it('names one server', () => {
    expect(parseRedisUrl('redis://127.0.0.1')).toEqual({
      kind: 'single',
      nodes: [{ host: '127.0.0.1', port: 6379 }],
      db: 0,
      prefix: 'motcua',
    });
    expect(parseRedisUrl('redis://clerk:p%40ss%2Fword@[::1]:6380/3?prefix=h54')).toEqual({
      kind: 'single',
      nodes: [{ host: '::1', port: 6380 }],
      username: 'clerk',
      password: 'p@ss/word',
      db: 3,
      prefix: 'h54',
    });
    expect(parseRedisUrl('redis://:secret@redis/?db=2')).toMatchObject({ password: 'secret', db: 2 });
    expect(parseRedisUrl('redis://:secret@redis')).not.toHaveProperty('username');
  });

  it('asks for TLS by its scheme, with certificates and a name of its own', () => {
    expect(parseRedisUrl('rediss://redis').tls).toEqual({});
    expect(parseRedisUrl('rediss://10.0.0.1?ca=/etc/ca.pem&servername=redis.example').tls).toEqual({
      caFile: '/etc/ca.pem',
      serverName: 'redis.example',
    });
  });

  it('names a master and the Sentinels that watch it', () => {
    expect(
      parseRedisUrl(
        'rediss+sentinel://u:p@s1:26380,s2/mymaster?db=1&sentinelUsername=w&sentinelPassword=a%2Bb',
      ),
    ).toEqual({
      kind: 'sentinel',
      nodes: [
        { host: 's1', port: 26380 },
        { host: 's2', port: 26379 },
      ],
      master: 'mymaster',
      username: 'u',
      password: 'p',
      sentinelUsername: 'w',
      sentinelPassword: 'a+b',
      db: 1,
      tls: {},
      prefix: 'motcua',
    });
  });

  it('names nodes of a Cluster', () => {
    const address = parseRedisUrl('redis+cluster://n1:7000,n2');
    expect([address.kind, address.nodes]).toEqual([
      'cluster',
      [
        { host: 'n1', port: 7000 },
        { host: 'n2', port: 6379 },
      ],
    ]);
  });

  it('is refused with the part that is wrong', () => {
    expect([
      partWrongIn('http://redis'),
      partWrongIn('redis:6379'),
      partWrongIn('redis+proxy://redis'),
      partWrongIn('redis://'),
      partWrongIn('redis://a,b'),
      partWrongIn('redis://re dis'),
      partWrongIn('redis://redis:0'),
      partWrongIn('redis://redis:66000'),
      partWrongIn('redis://user@redis'),
      partWrongIn('redis://:%zz@redis'),
      partWrongIn('redis://redis/one'),
      partWrongIn('redis://redis/1?db=2'),
      partWrongIn('redis+cluster://redis/1'),
      partWrongIn('redis+sentinel://redis'),
      partWrongIn('redis://redis?ca=file'),
      partWrongIn('redis://redis?sentinelPassword=x'),
      partWrongIn('redis://redis?database=1'),
      partWrongIn('redis://:12?ss@redis'),
      partWrongIn('redis://user:12?ss=x@redis'),
      partWrongIn('redis://redis?db='),
      partWrongIn('redis://redis?prefix={a}'),
    ]).toEqual([
      ...['scheme', 'scheme', 'scheme', 'host', 'host', 'host', 'port', 'port', 'password', 'password'],
      ...['db', 'db', 'db', 'master-name', 'ca', 'sentinelPassword', 'option database'],
      ...['host', 'options', 'db', 'prefix'],
    ]);
  });

  it('never gives its password away', () => {
    const login = fc.string({ minLength: 6 }).map(encodeURIComponent);
    fc.assert(
      fc.property(login, fc.constantFrom('redis', 'rediss+cluster', 'redis+sentinel'), (password, scheme) => {
        const address = parseRedisUrl(`${scheme}://u:${password}@host/${scheme.endsWith('el') ? 'm' : ''}`);
        expect(address.password).toBe(decodeURIComponent(password));
        expect(describeRedis(address)).not.toContain(`u:`);
        try {
          parseRedisUrl(`${scheme}://u:${password}@host:0`);
        } catch (error) {
          expect(JSON.stringify((error as Problem).details)).not.toContain(`u:${password}`);
        }
      }),
    );
  });
});
