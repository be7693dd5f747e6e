import type { FastifyInstance } from 'fastify';
import { Problem } from '#libs/problem/problem.js';
import { sendProblem } from '../problem/problem.filter.js';

/** What one client may cost: clients that are slow, large or many are cut off, others notice nothing. */
export interface RequestLimits {
  /** How long the headers of a request may take, in milliseconds, from the first byte on. */
  readonly headersMs: number;
  /** How long a whole request may take to come. */
  readonly requestMs: number;
  /** How long a connection may say nothing while a request or an answer is under way. */
  readonly silentMs: number;
  /** How long it may be kept between two requests; longer than a proxy before us does. */
  readonly keptMs: number;
  /** How often slow clients are looked for. */
  readonly checkMs: number;
  /** Bytes of the first line and the headers together. */
  readonly headerBytes: number;
  readonly headers: number;
  /** Connections at a time; more are closed at once. */
  readonly connections: number;
}

export const REQUEST_LIMITS: RequestLimits = {
  headersMs: 10_000,
  requestMs: 30_000,
  silentMs: 120_000,
  keptMs: 72_000,
  checkMs: 1_000,
  headerBytes: 16_384,
  headers: 100,
  connections: 5_000,
};

/** The limits that Fastify and Node hold. */
export function serverOptions(limits: RequestLimits): object {
  return {
    requestTimeout: limits.requestMs,
    connectionTimeout: limits.silentMs,
    keepAliveTimeout: limits.keptMs,
    http: {
      headersTimeout: limits.headersMs,
      connectionsCheckingInterval: limits.checkMs,
      maxHeaderSize: limits.headerBytes,
    },
  };
}

/** Those that are left; and what two readers could take for two different requests. */
export function guardRequests(fastify: FastifyInstance, { headers, connections }: RequestLimits): void {
  fastify.server.maxConnections = connections;
  fastify.addHook('onRequest', async (request, reply) => {
    const { url = '', rawHeaders } = request.raw;
    // Node leaves out what is above its own limit without a word.
    if (rawHeaders.length > headers * 2) {
      await sendProblem(new Problem('headers-too-large'), request, reply);
    } else if (!url.startsWith('/') || hostsIn(rawHeaders) !== 1) {
      // RFC 9112, 3.2: an address with a host counts before the header, and two headers are an error.
      await sendProblem(new Problem('request-malformed'), request, reply.header('connection', 'close'));
    }
  });
}

const hostsIn = (rawHeaders: readonly string[]): number =>
  rawHeaders.filter((text, n) => n % 2 === 0 && text.toLowerCase() === 'host').length;
