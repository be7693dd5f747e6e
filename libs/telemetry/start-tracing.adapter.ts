import { setTimeout as sleep } from 'node:timers/promises';

/** A collector that does not answer must not hold a stop up. */
const LAST_SPANS_MS = 2_000;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Sends spans to the collector that OTEL_EXPORTER_OTLP_ENDPOINT or OTEL_EXPORTER_OTLP_TRACES_ENDPOINT names, with the
 * further OTEL_… settings of the library (headers, sampler). Without either, nothing is traced, nor is the library loaded.
 * @returns sends what is left, and ends it; undefined if nothing is traced
 */
export async function startTracing(
  serviceName: string,
  env: Environment = process.env,
): Promise<(() => Promise<void>) | undefined> {
  if (!env.OTEL_EXPORTER_OTLP_ENDPOINT && !env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) return undefined;
  const [{ OTLPTraceExporter }, { resourceFromAttributes }, { BatchSpanProcessor, NodeTracerProvider }] =
    await Promise.all([
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
      import('@opentelemetry/sdk-trace-node'),
    ]);
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  // No propagator: `traceparent` is read and written where HTTP is; `tracestate` and `baggage` may hold anything.
  provider.register({ propagator: null });
  return async () => {
    const late = new AbortController();
    const limit = sleep(LAST_SPANS_MS, undefined, { signal: late.signal }).catch(() => undefined);
    await Promise.race([provider.shutdown().catch(() => undefined), limit]);
    late.abort();
  };
}
