import { Global, Module, ValidationPipe } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openApiDocument } from '#apps/api/openapi/openapi.js';
import { ProblemFilter } from '#apps/api/problem/problem.filter.js';
import { createLogger } from '#libs/telemetry/logger.adapter.js';
import { PostgresEventLog } from '#libs/event-log/adapters/postgres-event-log.adapter.js';
import { eventLogMigrations } from '#libs/event-log/adapters/postgres-schema.adapter.js';
import { AUTHENTICATOR, type Authenticator } from '#libs/access/authenticator.js';
import { AccessGuard } from '#libs/access/http/access.guard.js';
import { allRoles } from '#libs/access/testing/principals.js';
import { CLOCK } from '#libs/event-log/clock.js';
import { invalidRequest } from '#libs/http/validation.js';
import { ProcedureModule } from '#libs/procedure/procedure.module.js';
import { migrate } from '#libs/read-db/migrate.adapter.js';
import { loadDirectory } from '#libs/reference/load-config.adapter.js';
import { publishAll } from '#libs/reference/publish-all.js';
import { ReferenceModule } from '#libs/reference/reference.module.js';
import { ReferenceStore } from '#libs/reference/reference-store.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const clock = { now: () => Date.parse('2024-01-15T02:30:00Z') };
const signedIn: Authenticator = { authenticate: async () => allRoles('admin-1') };
let database: TestDatabase;
let log: PostgresEventLog;
let app: NestFastifyApplication;
let address: string;

beforeAll(async () => {
  database = await createTestDatabase();
  await migrate(database.pool, eventLogMigrations);
  log = new PostgresEventLog(database.pool);
  const store = new ReferenceStore(log, clock);
  const by = { actor: 'admin', correlationId: 'run', causationId: 'run' };
  await publishAll(store, await loadDirectory('config/demo'), by);

  @Global()
  @Module({ providers: [{ provide: ReferenceStore, useValue: store }], exports: [ReferenceStore] })
  class StoreModule {}

  const module = await Test.createTestingModule({
    imports: [StoreModule, ReferenceModule, ProcedureModule],
    providers: [
      { provide: CLOCK, useValue: clock },
      { provide: AUTHENTICATOR, useValue: signedIn },
      { provide: APP_GUARD, useClass: AccessGuard },
      { provide: APP_FILTER, useValue: new ProblemFilter(createLogger('warn')) },
    ],
  }).compile();
  app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
  app.useGlobalPipes(
    new ValidationPipe({
      transform: true,
      whitelist: true,
      forbidNonWhitelisted: true,
      exceptionFactory: invalidRequest,
    }),
  );
  await app.listen(0, '127.0.0.1');
  address = await app.getUrl();
}, 60_000);
afterAll(async () => {
  await app.close();
  await log.close();
  await database.drop();
});

/** What the answers hold that these tests look at. */
interface Answered {
  readonly items: readonly unknown[];
  readonly type: string;
  readonly version: number;
  readonly errors: readonly { pointer: string; detail: string }[];
}
type Shown = Record<string, unknown>;

async function get<T = Answered>(path: string): Promise<{ status: number; body: T }> {
  const answer = await fetch(address + path);
  return { status: answer.status, body: (await answer.json()) as T };
}
async function post(path: string, body: unknown, key: string): Promise<{ status: number; body: Answered }> {
  const answer = await fetch(address + path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: {
      'content-type': 'application/json',
      'idempotency-key': key,
      'accept-language': 'en',
    },
  });
  return { status: answer.status, body: (await answer.json()) as Answered };
}
const pointers = (body: Answered): string[] => body.errors.map(({ pointer }) => pointer).sort();

const procedure = {
  name: { vi: 'Thủ tục mới' },
  field: 'Đầu tư tại Việt Nam',
  level: 'province',
  limits: [{ case: 'default', limit: { value: 3, unit: 'working_day' } }],
  validFrom: '2026-01-01',
  source: 'decision 1',
};

describe('the catalogue over HTTP', () => {
  it('lists and searches the procedures of the demonstration desk', async () => {
    expect((await get('/api/procedures')).body.items).toHaveLength(42);
    const found = await get(
      `/api/procedures?q=${encodeURIComponent('cong trinh')}&field=${encodeURIComponent('Hoạt động xây dựng')}`,
    );
    expect(found.body.items.length).toBeGreaterThan(0);
    expect((await get('/api/procedures?on=2022-12-31')).body.items).toEqual([]);
    expect((await get('/api/procedures?on=soon')).status).toBe(400);
  });

  it('publishes versions and shows them all, once for one key', async () => {
    const first = await post('/api/procedures/9.1/versions', procedure, 'p-1');
    expect(first).toMatchObject({
      status: 201,
      body: { code: '9.1', version: 1, validTo: null, fee: null, papers: [] },
    });
    const again = { ...procedure, limits: [{ case: 'default', limit: { value: 5, unit: 'day' } }] };
    expect((await post('/api/procedures/9.1/versions', again, 'p-2')).body.version).toBe(2);
    expect(await post('/api/procedures/9.1/versions', procedure, 'p-1')).toEqual(first);
    expect((await get<Shown[]>('/api/procedures/9.1')).body.map(({ version }) => version)).toEqual([1, 2]);
    const reused = await post('/api/procedures/9.1/versions', again, 'p-1');
    expect([reused.status, reused.body.type]).toEqual([
      422,
      expect.stringContaining('idempotency-key-reused'),
    ]);
  });

  it('publishes a reminder policy, shows it, and says which field is wrong', async () => {
    const path = '/api/reminder-policies/mine';
    const rule = {
      ...{ about: 'result', when: { before: { value: 2, unit: 'working_day' } }, to: 'official' },
      procedures: ['1.009661'],
    };
    const mine = { units: ['H54.12'], rules: [rule], validFrom: '2026-01-01', source: 'decision 2' };
    const first = await post(`${path}/versions`, mine, 'r-1');
    expect(first).toMatchObject({ status: 201, body: { id: 'mine', version: 1, validTo: null, ...mine } });
    expect((await get<Shown[]>(path)).body).toEqual([first.body]);
    expect((await get('/api/reminder-policies')).body.items).toHaveLength(2);
    const refusal = async (over: object): Promise<string[]> =>
      pointers((await post(`${path}/versions`, { ...mine, ...over }, 'r-2')).body);
    expect(await refusal({ units: 'none', rules: [{ when: { share: 'half' } }] })).toEqual([
      ...['/rules/0/about', '/rules/0/to', '/rules/0/when/share', '/units'],
    ]);
    expect(await refusal({ units: ['H54.99'], rules: [{ ...rule, when: {} }] })).toEqual([
      ...['/rules/0/when', '/units/0'],
    ]);
  });

  it('says which field is wrong and how to mend it', async () => {
    const wrong = {
      ...procedure,
      name: {},
      limits: [{ case: 'default', limit: { value: 0, unit: 'week' } }],
      extra: 1,
    };
    const answer = await post('/api/procedures/9.2/versions', wrong, 'p-3');
    expect(answer.status).toBe(400);
    expect(pointers(answer.body)).toEqual([
      '/extra',
      '/limits/0/limit/unit',
      '/limits/0/limit/value',
      '/name/vi',
    ]);
    expect((await post('/api/procedures/%00/versions', procedure, 'p-4')).status).toBe(400);
    expect((await get('/api/procedures/none')).status).toBe(404);
  });

  it.each([null, [], 'x', 7, { limits: null }, { ...procedure, papers: [1] }, { ...procedure, fee: 'x' }])(
    'answers 400 to the body %j',
    async (body) => {
      expect((await post('/api/procedures/9.3/versions', body, 'p-5')).status).toBe(400);
    },
  );
});

describe('calendars, policies and units over HTTP', () => {
  it.each(['calendars', 'policies', 'units'])('lists %s', async (list) => {
    expect((await get(`/api/${list}`)).body.items).toHaveLength(1);
  });

  it('publishes a further version of each from what it shows', async () => {
    for (const [kind, id] of [
      ['calendars', 'vn'],
      ['policies', 'vn-default'],
      ['units', 'H54.12'],
    ]) {
      const [first] = (await get<Shown[]>(`/api/${kind}/${id}`)).body;
      const { version: _v, id: _i, code: _c, validTo: _t, ...shown } = first!;
      const next = { ...shown, source: 'notice 2' };
      expect(await post(`/api/${kind}/${id}/versions`, next, `further-${kind}`)).toMatchObject({
        status: 201,
        body: { version: 2, source: 'notice 2', validTo: null },
      });
    }
  });

  it.each([
    { week: 'x' },
    { zone: 'Mars/Base', startRule: 'next_day', week: {} },
    { zone: 'UTC', startRule: 'later', week: {} },
    { zone: 'UTC', startRule: 'next_day', week: { mon: [['17:00', '07:00']] } },
  ])('refuses the calendar %j', async (definition) => {
    const body = { name: 'X', source: 'S', validFrom: '2024-01-01', definition };
    const answer = await post('/api/calendars/x/versions', body, 'c-1');
    expect([answer.status, pointers(answer.body)]).toEqual([400, ['/definition']]);
  });

  it('refuses a unit with a calendar nobody published', async () => {
    const body = { name: { vi: 'X', en: 'X' }, calendar: 'none', policy: 'vn-default', sequenceDigits: 4 };
    const answer = await post(
      '/api/units/X/versions',
      { ...body, validFrom: '2024-01-01', source: 'S' },
      'u-1',
    );
    expect([answer.status, pointers(answer.body)]).toEqual([400, ['/calendar']]);
    expect(answer.body.errors[0]?.detail).toBe('none is not in force on 2024-01-01');
  });
});

it('documents every operation, with the shapes of bodies and answers', () => {
  const { paths, components } = openApiDocument(app);
  expect(Object.keys(paths)).toHaveLength(15);
  const schemas = components?.schemas as Record<string, { properties: Shown; required: string[] }>;
  expect(schemas['PublishProcedureDto']?.properties).toMatchObject({
    name: { $ref: '#/components/schemas/ProcedureNameDto' },
    limits: { type: 'array', items: { $ref: '#/components/schemas/ProcedureLimitDto' } },
  });
  expect(schemas['ProcedureVersionDto']?.properties).toMatchObject({
    validTo: { oneOf: [{ type: 'string', format: 'date' }, { type: 'null' }] },
    fee: { oneOf: [{ $ref: '#/components/schemas/FeeDto' }, { type: 'null' }] },
  });
  expect(schemas['ProcedureVersionDto']?.required).toContain('name');
});
