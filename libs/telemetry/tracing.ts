import {
  type Attributes,
  context,
  type Context,
  INVALID_SPAN_CONTEXT,
  isSpanContextValid,
  type Link,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
} from '@opentelemetry/api';

/** W3C Trace Context; versions to come may add parts at the end. */
const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
/** As many as a span holds by default. */
const MOST_LINKS = 128;

export interface SpanOptions {
  readonly kind?: SpanKind;
  /** Words and numbers from the code only: never a code of a dossier, a name, or what a request says. */
  readonly attributes?: Attributes;
  /** W3C `traceparent` of the span above; without it the one that is active here. */
  readonly parent?: string | undefined;
  /** W3C `traceparent` of spans elsewhere that this one has to do with. A span with links begins a trace of its own. */
  readonly links?: Iterable<string>;
}

const tracer = () => trace.getTracer('motcua');

/** Begins a span that the caller ends. Costs next to nothing unless `startTracing` was called. */
export function beginSpan(name: string, { kind, attributes, parent, links }: SpanOptions = {}): Span {
  const above = parent === undefined ? undefined : remoteContext(parent);
  return tracer().startSpan(
    name,
    {
      kind: kind ?? SpanKind.INTERNAL,
      ...(attributes ? { attributes } : {}),
      ...(links ? { links: linksTo(links), root: true } : {}),
    },
    above ?? context.active(),
  );
}

/** Runs `work` in a span, and ends that. An error is noted by its class alone: messages quote values. */
export async function inSpan<T>(
  name: string,
  options: SpanOptions,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const span = beginSpan(name, options);
  try {
    return await context.with(contextOf(span), () => work(span));
  } catch (error) {
    noteError(span, error);
    throw error;
  } finally {
    span.end();
  }
}

/** In which further spans are below this one. */
export function contextOf(span: Span): Context {
  return trace.setSpan(context.active(), span);
}

export function noteError(span: Span, error: unknown): void {
  const name = error instanceof Error ? error.name : typeof error;
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.setAttribute('error.type', name);
}

/** W3C `traceparent` of a span; undefined while nothing is traced. */
export function traceparentOf(span: Span): string | undefined {
  const { traceId, spanId, traceFlags } = span.spanContext();
  if (!isSpanContextValid(span.spanContext())) return undefined;
  return `00-${traceId}-${spanId}-${(traceFlags & TraceFlags.SAMPLED).toString(16).padStart(2, '0')}`;
}

/** Id of the trace that a span belongs to; undefined while nothing is traced. */
export function traceIdOf(span: Span): string | undefined {
  return traceparentOf(span)?.split('-')[1];
}

/** The context below a span of another process; undefined if that is no traceparent. */
function remoteContext(traceparent: string): Context | undefined {
  const parent = spanContextOf(traceparent);
  return isSpanContextValid(parent) ? trace.setSpanContext(ROOT_CONTEXT, parent) : undefined;
}

function spanContextOf(traceparent: string): SpanContext {
  const [, version, traceId = '', spanId = '', flags = '', more] = TRACEPARENT.exec(traceparent) ?? [];
  if (version === undefined || (version === '00' && more !== undefined)) return INVALID_SPAN_CONTEXT;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED, isRemote: true };
}

function linksTo(traceparents: Iterable<string>): Link[] {
  return [...new Set(traceparents)]
    .map((traceparent): Link => ({ context: spanContextOf(traceparent) }))
    .filter((link) => isSpanContextValid(link.context))
    .slice(0, MOST_LINKS);
}
