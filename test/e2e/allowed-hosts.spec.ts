import { request } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { fastify, type FastifyInstance } from 'fastify';
import { requireKnownHost } from '#apps/api/http/known-host.js';

let app: FastifyInstance;

/** The status of a request that names this host. */
async function statusFor(host: string): Promise<number> {
  const { port } = app.server.address() as { port: number };
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: '127.0.0.1', path: '/', headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.once('error', reject).end();
  });
}

async function answering(allowed: readonly string[]): Promise<void> {
  app = fastify();
  requireKnownHost(app, allowed);
  app.get('/', () => 'here');
  await app.listen({ port: 0, host: '127.0.0.1' });
}

afterEach(() => app.close());

describe('the host name of a request', () => {
  it('is one of this machine where none is allowed beside', async () => {
    await answering([]);
    for (const host of ['127.0.0.1', 'localhost:3000', 'LocalHost', '[::1]:3000']) {
      expect([host, await statusFor(host)]).toEqual([host, 200]);
    }
    for (const host of ['motcua.example', 'localhost.example', '127.0.0.1.example', '127.0.0.1:x']) {
      expect([host, await statusFor(host)]).toEqual([host, 403]);
    }
  });

  it('may be one that MOTCUA_ALLOWED_HOSTS names, in any case and with any port, and no part of one', async () => {
    await answering(['Motcua.Example', '10.0.0.5']);
    for (const host of ['motcua.example', 'MOTCUA.example:8443', '10.0.0.5:8080', 'localhost']) {
      expect([host, await statusFor(host)]).toEqual([host, 200]);
    }
    for (const host of ['example', 'x.motcua.example', 'motcua.example.org', '10.0.0.50']) {
      expect([host, await statusFor(host)]).toEqual([host, 403]);
    }
  });
});
