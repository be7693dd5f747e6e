import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { connect } from 'node:net';
import { once } from 'node:events';
import { createLogger } from '#libs/telemetry/logger.adapter.js';
import { streamName } from '#libs/event-log/event-log.js';
import { Held, open, OPENING, register } from '../support/desk.js';
import { call, type ProblemBody } from '../support/http.js';
import { startService, type TestService } from '../support/service.js';
import { bearer } from '../support/tokens.js';

interface Line {
  readonly level: string;
  readonly time: string;
  readonly msg: string;
  readonly correlationId?: string;
  readonly method?: string;
  readonly route?: string;
  readonly status?: number;
  readonly milliseconds?: number;
  readonly actor?: string;
  readonly error?: string;
}

const NAME = 'Nguyễn Thị Riêng Tư';
const PERSONAL = {
  name: NAME,
  idNumber: '079188001234',
  phone: '0912345678',
  email: 'riengtu@example.org',
  address: '12 Ngõ Kín, Hà Nội',
};
const NOTE = `Đã gọi cho bà ${NAME}`;
const RECOGNISED = [
  ...Object.values(PERSONAL),
  'Riêng',
  'riêng',
  encodeURIComponent('Riêng'),
  'RiengTu',
  'Kín',
];

const lines: string[] = [];
const logged = (): Line[] => lines.map((line) => JSON.parse(line) as Line);
const of = (correlationId: string): Line[] => logged().filter((line) => line.correlationId === correlationId);
let service: TestService;
beforeAll(async () => {
  const logger = createLogger('trace', { write: (line) => void lines.push(line) });
  service = await startService(undefined, { logger });
}, 60_000);
afterAll(() => service.close());

/** Sends bytes as they are, and reads until the connection ends. */
async function raw(text: string): Promise<void> {
  const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  socket.resume().end(text);
  await once(socket, 'close');
}

describe('the log of a service', () => {
  it('has one line for a request, with what is needed to find it again', async () => {
    const headers = { 'x-correlation-id': 'corr-1' };
    const { body, headers: answered } = await open(service, { applicant: PERSONAL }, { headers });
    expect(answered.get('x-correlation-id')).toBe('corr-1');
    await service.settled();
    const found = of('corr-1');
    expect(found).toEqual([
      {
        ...{ level: 'info', msg: 'request', correlationId: 'corr-1', method: 'POST', route: '/api/dossiers' },
        ...{ status: 201, actor: 'clerk-1', time: expect.stringMatching(/^\d{4}-.+Z$/) },
        milliseconds: expect.any(Number),
      },
    ]);
    for await (const event of service.platform.log.readStream(streamName('dossier', body.code)))
      expect(event.metadata.correlationId).toBe('corr-1');
    const refusal = await call<ProblemBody>(service, 'GET', '/api/dossiers/H54.12-240311-9999', {
      headers: { 'x-correlation-id': 'corr-2' },
    });
    expect(refusal.body.instance).toBe('corr-2');
    expect(refusal.headers.get('x-correlation-id')).toBe('corr-2');
  });

  it('says of an error that nobody foresaw what it is and where, and not what it says', async () => {
    const broken = jest.spyOn(service.platform.log, 'readStream').mockImplementation(() => {
      throw new TypeError(`Key (name)=(${NAME})\n    at ${NAME} (/x.js:1:1)`);
    });
    const answer = await fetch(`${service.url}/api/dossiers/H54.12-240311-0001`, {
      headers: { ...bearer('clerk-1'), 'x-correlation-id': 'corr-3' },
    });
    broken.mockRestore();
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('Riêng');
    await service.settled();
    const [error, request] = of('corr-3');
    expect(error).toMatchObject({ level: 'error', error: 'TypeError', route: '/api/dossiers/:code' });
    expect((error as unknown as { at: string[] }).at.length).toBeGreaterThan(0);
    expect(request).toMatchObject({ level: 'info', status: 500 });
  });

  it('has nothing of a person in it after the whole life of a dossier and all sorts of bad requests', async () => {
    const held = new Held(service, (await register(service, { applicant: PERSONAL })).body);
    await held.takeAll(
      'accept',
      ['hand-over', { note: NOTE }],
      [
        'request-supplement',
        { papers: [{ name: `Giấy của ${NAME}`, originals: 1, copies: 0 }], reason: NOTE },
      ],
      'receive-supplement',
      ['annotate', { note: NOTE }],
      'resolve',
      'return',
    );
    const quoted = encodeURIComponent(NAME);
    const json = { 'content-type': 'application/json', ...bearer('clerk-1'), 'idempotency-key': 'k' };
    const post = (path: string, body: string, headers: Record<string, string> = json) =>
      fetch(service.url + path, { method: 'POST', headers, body }).then((answer) => answer.text());
    await call(service, 'GET', `/api/dossiers?q=${quoted}`);
    await call(service, 'GET', `/api/dossiers?${quoted}=1`);
    await call(service, 'GET', `/api/dossiers/${quoted}`);
    await call(service, 'GET', `/api/${quoted}`);
    await call(service, 'GET', `/${quoted}/%zz`);
    await post('/api/dossiers', `{"applicant": "${NAME}`);
    await post('/api/dossiers', JSON.stringify({ ...OPENING, [NAME]: PERSONAL, channel: NAME }));
    await post('/api/dossiers', NAME, { ...json, 'content-type': 'text/RiengTu' });
    await post('/api/dossiers', JSON.stringify(NAME.repeat(20_000)));
    await post('/api/dossiers', '{}', { ...json, authorization: 'Bearer motcua_RiengTu' });
    await post('/api/dossiers', '{}', { ...json, 'x-correlation-id': 'corr RiengTu' });
    await post(`${held.path}/annotate`, JSON.stringify({ note: NOTE }), { ...json, 'if-match': '"RiengTu"' });
    await raw(`GET /RiengTu HTTP/1.1\r\nHost: riengtu.example\r\n\r\n`);
    await raw(`RIENGTU /RiengTu HTTP/1.1\r\nHost: RiengTu\r\n\r\n`);
    await raw(`GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${'RiengTu'.repeat(5_000)}\r\n\r\n`);
    await raw(`POST /api/dossiers HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99\r\n\r\n{"RiengTu`);
    await service.settled();

    const all = lines.join('');
    expect(logged().length).toBeGreaterThan(20);
    expect(logged().filter(({ level }) => level === 'debug').length).toBeGreaterThan(0);
    for (const personal of RECOGNISED) expect(all).not.toContain(personal);
    // Nor the codes of dossiers: routes are told by their patterns.
    expect(all).not.toContain(held.code);
    expect(logged().filter(({ msg, correlationId }) => msg === 'request' && !correlationId)).toEqual([]);
  });
});
