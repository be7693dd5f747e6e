import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { streamName } from '#libs/event-log/event-log.js';
import { expectedHash } from '#libs/event-log/hash.js';
import { startTracing } from '#libs/telemetry/start-tracing.adapter.js';
import { Held, open, OPENING } from '../support/desk.js';
import { call } from '../support/http.js';
import { type OtlpReceiver, type SentSpan, startOtlpReceiver } from '../support/otlp-receiver.js';
import { startService, type TestService } from '../support/service.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = '00f067aa0ba902b7';
const NAMES = ['Nguyễn Thị Riêng Tư', '0101999888', 'riêng tư', 'H54.12', 'clerk-1', 'Ghi chú kín'];

let receiver: OtlpReceiver;
let service: TestService;
let held: Held;
let traceparent: string | null;
beforeAll(async () => {
  receiver = await startOtlpReceiver();
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = receiver.url;
  const endTracing = await startTracing('motcua-api');
  delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;
  service = await startService();
  await service.settled();
  const applicant = { name: NAMES[0], idNumber: NAMES[1] };
  const headers = { traceparent: `00-${TRACE}-${CALLER}-01`, tracestate: 'x=Rieng', baggage: 'name=Rieng' };
  const opened = await open(service, { applicant }, { headers });
  traceparent = opened.headers.get('traceparent');
  held = new Held(service, opened.body);
  await held.take('annotate', { note: NAMES[5] });
  await call(service, 'GET', `${held.path}?name=${encodeURIComponent(NAMES[0]!)}`);
  await call(service, 'POST', '/api/dossiers', { body: { ...OPENING, channel: NAMES[0] } });
  await Promise.all(Array.from({ length: 5 }, () => open(service)));
  await service.settled();
  await endTracing?.();
}, 60_000);
afterAll(async () => {
  await service.close();
  await receiver.close();
});

const named = (name: string, traceId?: string): SentSpan[] =>
  receiver.spans.filter((span) => span.name === name && (!traceId || span.traceId === traceId));
const attribute = (span: SentSpan | undefined, key: string): unknown =>
  Object.values(span?.attributes.find((each) => each.key === key)?.value ?? {})[0];

describe('a request that is traced', () => {
  it('belongs to the trace of its caller, and answers with its own place in it', () => {
    const [request] = named('POST /api/dossiers', TRACE);
    expect(request).toMatchObject({ parentSpanId: CALLER, kind: 2 });
    expect(traceparent).toBe(`00-${TRACE}-${request?.spanId}-01`);
    expect(attribute(request, 'http.response.status_code')).toBe(201);
  });

  it('has the command below it, and the append below that', () => {
    const [request] = named('POST /api/dossiers', TRACE);
    const [command] = named('command accept-new', TRACE);
    const [append] = named('append dossier', TRACE);
    expect(command?.parentSpanId).toBe(request?.spanId);
    expect(append?.parentSpanId).toBe(command?.spanId);
    expect(attribute(command, 'motcua.outcome')).toBe('done');
    expect(attribute(append, 'motcua.category')).toBe('dossier');
  });

  it('is linked from each projection that folded its events', () => {
    const [command] = named('command accept-new', TRACE);
    for (const name of ['project worklist', 'project report']) {
      const linked = named(name).filter(({ links }) =>
        links?.some((link) => link.spanId === command?.spanId),
      );
      expect(linked).toHaveLength(1);
      expect(linked[0]?.parentSpanId ?? '').toBe('');
      expect(linked[0]?.traceId).not.toBe(TRACE);
    }
  });

  it('has its own append also where several were appended in one call', () => {
    const requests = named('POST /api/dossiers').filter(
      (span) => attribute(span, 'http.response.status_code') === 201,
    );
    expect(requests).toHaveLength(6);
    for (const { traceId } of requests) expect(named('append dossier', traceId)).toHaveLength(1);
  });
});

describe('events of a traced command', () => {
  it('name their span, under the hash', async () => {
    const events = [];
    for await (const event of service.platform.log.readStream(streamName('dossier', held.code)))
      events.push(event);
    const [command] = named('command accept-new', TRACE);
    expect(events[0]?.metadata.traceparent).toBe(`00-${TRACE}-${command?.spanId}-01`);
    for (const event of events) expect(event.hash).toBe(expectedHash(event));
  });
});

describe('what is sent to the collector', () => {
  it('names the service and the route, and nobody', () => {
    const all = receiver.bodies.join('\n');
    expect(all).toContain('motcua-api');
    expect(named('GET /api/dossiers/:code')).toHaveLength(1);
    for (const name of [...NAMES, 'Rieng']) expect(all.toLowerCase()).not.toContain(name.toLowerCase());
  });
});

describe('without a collector', () => {
  it('nothing is traced, and events are as before', async () => {
    expect(await startTracing('motcua-api', {})).toBeUndefined();
    const { headers, body } = await open(service, {}, { headers: { traceparent: 'nonsense' } });
    expect(headers.get('traceparent')).not.toBe('nonsense');
    expect(body.code).toContain('H54.12');
  });
});
