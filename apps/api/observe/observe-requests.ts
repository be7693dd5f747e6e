import { context, type Span, SpanKind } from '@opentelemetry/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '#libs/telemetry/logger.adapter.js';
import type { Metrics } from '#libs/telemetry/metrics.adapter.js';
import { beginSpan, contextOf, traceIdOf, traceparentOf } from '#libs/telemetry/tracing.js';

/** What proxies write for a client that did not wait for the answer. */
const CLIENT_GONE = 499;
/** Asked every few seconds by machines. */
const QUIET = /^\/(health\/|metrics$)/;

/** Counts, times, traces and logs every request, by the pattern of its route: paths hold codes. */
export class RequestObserver {
  private readonly spans = new WeakMap<FastifyRequest, Span>();

  constructor(
    private readonly metrics: Metrics,
    private readonly logger: Logger,
  ) {}

  /** To be called before other hooks are added, so that nothing is answered unseen. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (request, reply, done) => {
      context.with(contextOf(this.begin(request, reply)), done);
    });
    // Reading the body has led away from the context of the request.
    fastify.addHook('preValidation', (request, _reply, done) => {
      const span = this.spans.get(request);
      if (span) context.with(contextOf(span), done);
      else done();
    });
  }

  /** For what Fastify answers without any hook. */
  begin(request: FastifyRequest, reply: FastifyReply): Span {
    const begun = performance.now();
    const { method } = request;
    const route = request.routeOptions?.url ?? 'none';
    const parent = request.headers.traceparent;
    const span = beginSpan(`${method} ${route}`, {
      kind: SpanKind.SERVER,
      parent: typeof parent === 'string' ? parent : undefined,
      attributes: { 'http.request.method': method, 'http.route': route },
    });
    this.spans.set(request, span);
    const traceparent = traceparentOf(span);
    void reply.header('x-correlation-id', request.id);
    if (traceparent) void reply.header('traceparent', traceparent);
    reply.raw.once('close', () => {
      const status = reply.raw.writableFinished ? reply.raw.statusCode : CLIENT_GONE;
      const milliseconds = performance.now() - begun;
      this.metrics.requests.inc({ method, route, status });
      this.metrics.requestSeconds.observe({ method, route }, milliseconds / 1000);
      span.setAttribute('http.response.status_code', status).end();
      this.logger[QUIET.test(route) ? 'debug' : 'info'](
        {
          ...{ correlationId: request.id, method, route, status },
          milliseconds: Math.round(milliseconds * 10) / 10,
          actor: request.principal?.id,
          traceId: traceIdOf(span),
        },
        'request',
      );
    });
    return span;
  }
}
