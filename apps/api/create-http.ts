import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import { Problem } from '#libs/problem/problem.js';
import type { Logger } from '#libs/telemetry/logger.adapter.js';
import type { Metrics } from '#libs/telemetry/metrics.adapter.js';
import { guardBodies } from './http/guard-body.js';
import { requireKnownHost } from './http/known-host.js';
import { refuseConnection } from './http/refuse-connection.js';
import { guardRequests, REQUEST_LIMITS, type RequestLimits, serverOptions } from './http/request-limits.js';
import { BARE_HEADERS, guardHeaders } from './http/security-headers.js';
import { NestLogger } from './observe/nest-logger.js';
import { RequestObserver } from './observe/observe-requests.js';
import { BODY_LIMIT, sendProblem } from './problem/problem.filter.js';

export interface HttpParts {
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** Host names that are answered beside those of this machine. */
  readonly allowedHosts: readonly string[];
  /** Where clients find the service, if that is not this machine. */
  readonly publicUrl?: string | undefined;
  /** Addresses whose `X-Forwarded-For` is believed. */
  readonly trustedProxies?: readonly string[];
  /** Others than usual. */
  readonly limits?: Partial<RequestLimits> | undefined;
  /** From its abort on, each answer is the last on its connection. */
  readonly stopping: AbortSignal;
}

const CORRELATION_ID = /^[\w.-]{1,64}$/;

/** A Nest application on Fastify with all that every program of ours does with a request. Not yet initialised. */
export async function createHttp(module: DynamicModule, parts: HttpParts): Promise<NestFastifyApplication> {
  const { metrics, logger, allowedHosts, stopping } = parts;
  const observer = new RequestObserver(metrics, logger);
  const limits = { ...REQUEST_LIMITS, ...parts.limits };
  const adapter = new FastifyAdapter({
    ...serverOptions(limits),
    bodyLimit: BODY_LIMIT,
    trustProxy: parts.trustedProxies?.length ? [...parts.trustedProxies] : false,
    routerOptions: { maxParamLength: 1_000 },
    forceCloseConnections: 'idle',
    // What still comes on an open connection while the service stops is answered like the rest.
    return503OnClosing: false,
    genReqId: (request: { headers: Record<string, string | string[] | undefined> }) => {
      const given = request.headers['x-correlation-id'];
      return typeof given === 'string' && CORRELATION_ID.test(given) ? given : randomUUID();
    },
    frameworkErrors: (_error: Error, request: FastifyRequest, reply: FastifyReply) => {
      observer.begin(request, reply);
      void reply.headers(BARE_HEADERS);
      void sendProblem(new Problem('not-found'), request, reply);
    },
    clientErrorHandler: refuseConnection,
  } as ConstructorParameters<typeof FastifyAdapter>[0]);
  const options: object = { bodyParser: false, logger: new NestLogger(logger), abortOnError: false };
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, options);
  const fastify = adapter.getInstance();
  fastify.removeContentTypeParser('text/plain');
  fastify.setReplySerializer((payload) => JSON.stringify(payload, bigintAsNumber));
  observer.watch(fastify as never);
  fastify.addHook('onSend', async (_request, reply, payload) => {
    if (stopping.aborted) void reply.header('connection', 'close');
    return payload;
  });
  await guardHeaders(fastify as never, parts.publicUrl?.startsWith('https:') === true);
  guardRequests(fastify as never, limits);
  requireKnownHost(fastify as never, allowedHosts);
  guardBodies(fastify as never);
  return app;
}

/** Positions and revisions stay far below 2^53. */
function bigintAsNumber(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}
