import { ConsoleLogger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import { Problem } from '#libs/problem/problem.js';
import { AppModule, type AppParts } from './app.module.js';
import { guardBodies } from './http/guard-body.js';
import { requireLoopbackHost } from './http/loopback-host.js';
import { refuseConnection } from './http/refuse-connection.js';
import { serveOpenApi } from './openapi/openapi.js';
import { BODY_LIMIT, sendProblem } from './problem/problem.filter.js';

const CORRELATION_ID = /^[A-Za-z0-9._-]{1,64}$/;

const OPTIONS: object = {
  bodyParser: false,
  logger: new ConsoleLogger({ json: true, logLevels: ['warn', 'error', 'fatal'] }),
  abortOnError: false,
};

/** The HTTP application, ready to listen. */
export async function createApp(parts: AppParts): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    routerOptions: { maxParamLength: 1_000 },
    forceCloseConnections: 'idle',
    genReqId: (request: { headers: Record<string, string | string[] | undefined> }) => {
      const given = request.headers['x-correlation-id'];
      return typeof given === 'string' && CORRELATION_ID.test(given) ? given : randomUUID();
    },
    frameworkErrors: (_error: Error, request: FastifyRequest, reply: FastifyReply) => {
      void sendProblem(new Problem('not-found'), request, reply);
    },
    clientErrorHandler: refuseConnection,
  } as ConstructorParameters<typeof FastifyAdapter>[0]);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.of(parts), adapter, OPTIONS);
  const fastify = adapter.getInstance();
  fastify.removeContentTypeParser('text/plain');
  fastify.setReplySerializer((payload) => JSON.stringify(payload, bigintAsNumber));
  fastify.addHook('onRequest', async (request, reply) => {
    void reply.header('x-correlation-id', request.id);
  });
  requireLoopbackHost(fastify as never);
  guardBodies(fastify as never);
  serveOpenApi(app);
  await app.init();
  return app;
}

/** Positions and revisions stay far below 2^53. */
function bigintAsNumber(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}
