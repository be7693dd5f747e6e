import { randomBytes, randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openLog } from '#apps/platform/open-log.js';
import { MIGRATIONS } from '#apps/platform/open-platform.js';
import { projectRoot } from '#apps/platform/project-root.js';
import { systemClock } from '#libs/event-log/clock.js';
import { migrate } from '#libs/read-db/migrate.adapter.js';
import { loadDirectory } from '#libs/reference/load-config.adapter.js';
import { publishAll } from '#libs/reference/publish-all.js';
import { ReferenceStore } from '#libs/reference/reference-store.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import {
  type Ended,
  motcua,
  type Program,
  startedService,
  startedWorker,
  temporaryFolder,
} from '../support/program.js';
import { bearer, secretOf } from '../support/tokens.js';
import { writingsOf } from '../support/writings.js';

const LIMIT = 300_000;
const PASSWORD = 'con mèo trèo cây cau xanh';
const WRONG_PASSWORD = 'hỏi thăm chú chuột đi chợ';
const SHORT_PASSWORD = 'Ngắnquá';
const NAME = 'Lường Thị Kín Đáo';
const REASON = 'Bà Kín Đáo khiếu nại';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let database: TestDatabase;
/** All that the programs printed, by what printed it. */
const printed: { what: string; text: string }[] = [];
/** What must not be in it, by what it is. */
const secrets = new Map<string, string>();
const keep = (what: string, secret: string | undefined): string => {
  expect([what, secret?.length ?? 0]).toEqual([what, expect.any(Number)]);
  if (!secret || secret.length < 6) throw new Error(`no ${what}`);
  secrets.set(what, secret);
  return secret;
};

beforeAll(async () => {
  folder = await temporaryFolder();
  database = await createTestDatabase();
  const masterKeys = [randomBytes(32), randomBytes(32)].map((key) => key.toString('base64'));
  keep('master key', masterKeys[0]);
  keep('next master key', masterKeys[1]);
  const databasePassword = `p${randomBytes(12).toString('hex')}`;
  keep('database password', databasePassword);
  const role = await roleWith(databasePassword);
  await publishDesk();
  const env = {
    ...{ DATABASE_URL: role.url, MOTCUA_MASTER_KEY: masterKeys[0], LOG_LEVEL: 'trace' },
    ...{ MOTCUA_DEMO: 'off', MOTCUA_PROJECTIONS: 'elsewhere', MOTCUA_DATA: join(folder.path, 'data') },
  };
  const cli = async (args: readonly string[], over: NodeJS.ProcessEnv = {}): Promise<Ended> => {
    const ended = await motcua(args, { ...env, ...over });
    printed.push({ what: `motcua ${args.join(' ')}`, text: ended.stdout + ended.stderr });
    return ended;
  };
  const programs: [string, Program][] = [];

  // Set up by the command line; what it hands out on purpose is taken from its output.
  const handedOut = async (args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await motcua(args, env);
    expect([args, code, stderr]).toEqual([args, 0, '']);
    return stdout.trim();
  };
  await cli(['account', 'open', 'desk-1', '--role', 'clerk']);
  await cli(['account', 'open', 'head-1', '--role', 'administrator']);
  await cli(['account', 'open', 'scanner', '--system', '--role', 'clerk']);
  const setUp = keep('set-up token', await handedOut(['account', 'set-up', 'desk-1']));
  const expires = new Date(systemClock.now() + 86_400_000).toISOString();
  const token = keep('token', await handedOut(['account', 'token', 'scanner', '--expires', expires]));

  const { program, url } = await startedService(env, ['clerk-1']);
  programs.push(['service', program]);
  keep('token of a test', secretOf('clerk-1'));
  const { program: worker, url: workerUrl } = await startedWorker(env);
  programs.push(['worker', worker]);
  await (await fetch(`${workerUrl}/health/ready`, { headers: bearer('clerk-1') })).text();

  const ask = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const sent = {
      'idempotency-key': randomUUID(),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const answer = await fetch(url + path, {
      ...{ method, headers: { ...sent, ...headers } },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  };
  const json = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;

  // Passwords, sessions and what belongs to them, right and wrong.
  await ask('POST', '/api/password/set-up', {
    token: setUp,
    newPassword: keep('short password', SHORT_PASSWORD),
  });
  const done = await ask('POST', '/api/password/set-up', {
    token: setUp,
    newPassword: keep('password', PASSWORD),
  });
  expect([done.status, done.text]).toEqual([200, done.text]);
  await ask('POST', '/api/password/set-up', { token: setUp, newPassword: PASSWORD });
  for (const account of ['desk-1', 'nobody', PASSWORD, '__proto__'])
    await ask('POST', '/api/session', {
      account,
      password: keep('wrong password', WRONG_PASSWORD),
      code: keep('one-time code', '918273-kxqz-7h3m'),
    });
  await ask('POST', '/api/session', `{"account":"desk-1","password":"${PASSWORD}`);
  await ask('POST', '/api/session', { account: 'desk-1', password: PASSWORD, [WRONG_PASSWORD]: PASSWORD });
  await ask('GET', `/api/session?password=${encodeURIComponent(PASSWORD)}&token=${token}`);
  const signedIn = await ask('POST', '/api/session', { account: 'desk-1', password: PASSWORD });
  expect([signedIn.status, signedIn.text]).toEqual([201, signedIn.text]);
  const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  keep('session', cookie.split('=')[1]);
  const csrf = keep('CSRF token', String(json(signedIn.text)['csrfToken']));
  const browser = { cookie, 'x-csrf-token': csrf };
  await ask('GET', '/api/sessions', undefined, browser);
  await ask('POST', '/api/password', { password: WRONG_PASSWORD, newPassword: SHORT_PASSWORD }, browser);
  expect((await ask('DELETE', '/api/session', undefined, { cookie })).status).toBe(403);
  expect(
    (await ask('DELETE', '/api/session', undefined, { cookie, 'x-csrf-token': `${csrf}x` })).status,
  ).toBe(403);

  // Tokens, right, changed and in wrong places.
  for (const authorization of [
    `Bearer ${token}`,
    `Bearer ${token}x`,
    token,
    `Basic ${token}`,
    `Digest ${token}`,
  ])
    await ask('GET', '/api/dossiers', undefined, { authorization });
  await ask('GET', `/api/dossiers/${token}`, undefined, bearer('clerk-1'));
  await ask('GET', `/${token}?token=${token}`);
  await ask(
    'POST',
    '/api/dossiers',
    { token, password: PASSWORD },
    { 'idempotency-key': token, ...bearer('clerk-1') },
  );

  // A dossier, its secret, a reason, and who looks it up.
  const opening = {
    unit: 'H54.12',
    procedure: '1.009664',
    channel: 'in_person',
    applicant: { name: keep('name', NAME) },
  };
  const opened = await ask('POST', '/api/dossiers', opening, bearer('clerk-1'));
  const { code, lookUpSecret } = json(opened.text) as { code?: string; lookUpSecret?: string };
  expect([opened.status, opened.text]).toEqual([201, opened.text]);
  keep('look-up secret', lookUpSecret);
  await ask('POST', '/api/look-up', { code, secret: lookUpSecret ?? 'x' });
  await ask('POST', '/api/look-up', { code, secret: keep('wrong look-up secret', 'QXZK-7777-QXZK') });
  const reason = { 'x-reason': encodeURIComponent(keep('reason', REASON)) };
  await ask('GET', `/api/dossiers/${code}`, undefined, { ...reason, ...bearer('clerk-1') });
  await ask('GET', `/api/dossiers?q=${encodeURIComponent(NAME)}`, undefined, {
    ...reason,
    ...bearer('clerk-1'),
  });

  // The command line, where it succeeds and where it fails.
  const keys = join(folder.path, 'keys');
  const both = join(folder.path, 'both.key');
  await writeFile(both, `${masterKeys[1]}\n${masterKeys[0]}\n`, { mode: 0o600 });
  const bad = join(folder.path, 'bad.key');
  await writeFile(bad, `${masterKeys[1]}x\n`, { mode: 0o600 });
  for (const args of [
    ['verify'],
    ['keys', 'status'],
    ['keys', 'export', '--to', keys],
    ['account', 'list'],
    ['rebuild'],
  ])
    await cli(args);
  const exported = await readFile(keys).catch(() => Buffer.alloc(0));
  expect(exported.length).toBeGreaterThan(0);
  const withFile = (file: string) => ({ MOTCUA_MASTER_KEY: undefined, MOTCUA_MASTER_KEY_FILE: file });
  await cli(['keys', 'status'], withFile(bad));
  await cli(['keys', 'status'], { MOTCUA_MASTER_KEY: `${masterKeys[0]}x` });
  await cli(['keys', 'status'], { MOTCUA_MASTER_KEY: masterKeys[1] });
  await cli(['keys', 'import', '--from', keys], { MOTCUA_MASTER_KEY: masterKeys[1] });
  await cli(['keys', 'import', '--from', both]);
  await cli(['keys', 'rotate'], withFile(both));
  await cli(['verify'], { DATABASE_URL: role.url.replace(/:\d+\//, ':1/') });
  await cli(['verify'], {
    DATABASE_URL: role.url.replace(
      databasePassword,
      keep('wrong database password', `${databasePassword}9z`),
    ),
  });
  await cli(['verify'], {
    DATABASE_URL: role.url.replace('postgresql:', 'pstgresql:').replace('postgres:', 'pstgres:'),
  });
  await cli(['verify'], { DATABASE_URL: `${role.url}?sslmode=nonsense` });
  await cli(['verify'], { REDIS_URL: `redis://u:${keep('Redis password', 'redis-p4ssw0rd')}@127.0.0.1:1/` });
  await cli(['account', 'set-up', 'nobody']);
  await cli(['account', 'token', 'scanner', '--expires', token]);

  // The database goes away under the programs.
  await role.shut();
  for (const path of [`/api/dossiers/${code}`, '/api/dossiers', '/api/session'])
    await ask('GET', path, undefined, { authorization: `Bearer ${token}`, ...reason });
  await ask('POST', '/api/session', { account: 'desk-1', password: PASSWORD });
  await ask('POST', '/api/dossiers', opening, bearer('clerk-1'));
  await ask('GET', '/api/session', undefined, browser);
  await ask('GET', '/health/ready');
  for (const [what, each] of programs) {
    each.signal('SIGTERM');
    const { stdout, stderr } = await each.ended;
    printed.push({ what, text: stdout + stderr });
  }
}, LIMIT);

afterAll(async () => {
  await database?.drop();
  await folder?.remove();
});

/** What the desk needs to take in a dossier. */
async function publishDesk(): Promise<void> {
  await migrate(database.pool, MIGRATIONS);
  const silent = { notice: () => undefined, onRetry: () => undefined };
  const log = await openLog(database.pool, systemClock, { eventStoreUrl: undefined, ...silent });
  const reference = new ReferenceStore(log, systemClock);
  const by = { actor: 'tester', correlationId: 'setup', causationId: 'setup' };
  await publishAll(reference, await loadDirectory(join(projectRoot, 'config/demo')), by);
  await log.close();
}

/** A user of the database with a password; `shut` keeps him out, and ends his connections. */
async function roleWith(password: string): Promise<{ url: string; shut: () => Promise<void> }> {
  const name = `secrets_${randomBytes(4).toString('hex')}`;
  await database.pool.query(`CREATE ROLE ${name} LOGIN SUPERUSER PASSWORD '${password}'`);
  const url = new URL(database.url);
  url.username = name;
  url.password = password;
  return {
    url: url.href,
    shut: async () => {
      await database.pool.query(`ALTER ROLE ${name} NOLOGIN`);
      await database.pool.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [
        name,
      ]);
    },
  };
}

describe('what the programs print at the most talkative level', () => {
  it('is something', () => {
    expect(printed.map(({ what }) => what)).toEqual(expect.arrayContaining(['service', 'worker']));
    const service = printed.find(({ what }) => what === 'service')?.text ?? '';
    expect(service.split('\n').length).toBeGreaterThan(30);
    expect(service).toMatch(/"status":(500|503)/);
    expect(secrets.size).toBeGreaterThan(12);
  });

  it('holds no secret and no name, in no writing', () => {
    const found: string[] = [];
    const texts = printed.map(({ what, text }) => ({ what, bytes: Buffer.from(text) }));
    for (const [secret, text] of secrets) {
      for (const writing of writingsOf(text)) {
        for (const { what, bytes } of texts) if (bytes.includes(writing)) found.push(`${secret} in ${what}`);
      }
    }
    expect(found).toEqual([]);
  });

  it('holds nothing that looks like a proof of who somebody is', () => {
    for (const { what, text } of printed) {
      for (const pattern of [
        /motcua_[\w-]{20,}/,
        /setup_[\w-]{20,}/,
        /Bearer \S/i,
        /\$argon2/,
        /motcua=[\w-]{20,}/,
        /:\/\/(?!user:password@)[^\s/:@]+:[^\s/@]+@/,
      ]) {
        expect([what, pattern.exec(text)?.[0]]).toEqual([what, undefined]);
      }
    }
  });
});
