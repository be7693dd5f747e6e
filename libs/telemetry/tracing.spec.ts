import { beforeAll, describe, expect, it } from '@jest/globals';
import { trace } from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { beginSpan, inSpan, traceIdOf, traceparentOf } from './tracing.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = `00-${TRACE}-00f067aa0ba902b7-01`;

describe('without tracing', () => {
  it('spans say nothing, and work is done as without them', async () => {
    const span = beginSpan('x', { parent: 'nonsense', links: ['nonsense'] });
    expect([traceparentOf(span), traceIdOf(span)]).toEqual([undefined, undefined]);
    expect(await inSpan('x', {}, async () => 7)).toBe(7);
  });
});

describe('with tracing', () => {
  const exporter = new InMemorySpanExporter();
  beforeAll(() =>
    new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register({
      propagator: null,
    }),
  );

  it('a span goes on with the trace of its parent, and says so', () => {
    const span = beginSpan('x', { parent: PARENT });
    expect(traceIdOf(span)).toBe(TRACE);
    expect(traceparentOf(span)).toBe(`00-${TRACE}-${span.spanContext().spanId}-01`);
  });

  it.each([
    ['an unknown version with more parts', `01-${TRACE}-00f067aa0ba902b7-01-more`, true],
    ['version 00 with more parts', `${PARENT}-more`, false],
    ['version ff', `ff-${TRACE}-00f067aa0ba902b7-01`, false],
    ['a trace of zeros', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`, false],
    ['a span of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`, false],
    ['capitals', PARENT.toUpperCase(), false],
    ['something else', 'Nguyễn', false],
  ])('%s as a parent: taken or left as W3C Trace Context says', (_what, parent, taken) => {
    const id = traceIdOf(beginSpan('x', { parent }));
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(id === TRACE).toBe(taken);
  });

  it('a span inside another is below it; one with links begins a trace of its own', async () => {
    await inSpan('outer', {}, async (outer) => {
      await inSpan('inner', {}, async (inner) => {
        expect(traceIdOf(inner)).toBe(traceIdOf(outer));
        expect(trace.getActiveSpan()).toBe(inner);
      });
      const linked = beginSpan('linked', { links: [PARENT, PARENT, 'nonsense'] });
      expect(traceIdOf(linked)).not.toBe(traceIdOf(outer));
      linked.end();
    });
    const [span] = exporter.getFinishedSpans().filter(({ name }) => name === 'linked');
    expect(span?.links.map(({ context }) => context.traceId)).toEqual([TRACE]);
  });

  it('an error is noted by its class, without its words, and goes on', async () => {
    const error = new RangeError('Nguyễn Thị Riêng Tư');
    await expect(inSpan('failed', {}, () => Promise.reject(error))).rejects.toBe(error);
    const [span] = exporter.getFinishedSpans().filter(({ name }) => name === 'failed');
    expect(span).toMatchObject({ attributes: { 'error.type': 'RangeError' }, events: [] });
    expect(JSON.stringify([span?.attributes, span?.status])).not.toContain('Riêng');
  });
});
