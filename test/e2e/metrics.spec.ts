import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { createPool } from '#libs/read-db/pool.adapter.js';
import { Held, open } from '../support/desk.js';
import { call, refused } from '../support/http.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
beforeAll(async () => (service = await startService()), 60_000);
afterAll(() => service.close());

/** Every line of /metrics with its value, by name and labels. */
async function metrics(): Promise<Map<string, number>> {
  const answer = await call<string>(service, 'GET', '/metrics');
  expect(answer.status).toBe(200);
  const lines = answer.text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.replace(/ \S+$/, ''), Number(line.split(' ').at(-1))]));
}
const of = (all: Map<string, number>, name: string, labels: string): number | undefined =>
  [...all].find(([key]) => key === `${name}{${labels}}`)?.[1];

describe('/metrics', () => {
  it('counts commands by what came of them', async () => {
    const headers = { 'idempotency-key': 'counted-1' };
    const first = await open(service, {}, { headers });
    await open(service, {}, { headers });
    const held = new Held(service, first.body);
    const stale = held.sending('annotate');
    await held.take('hand-over');
    await refused(service, [409, 'revision-stale'], 'POST', `${held.path}/annotate`, stale);
    await refused(service, [409, 'step-not-allowed'], 'POST', `${held.path}/return`, held.sending('return'));

    const all = await metrics();
    const commands = (labels: string) => of(all, 'motcua_commands_total', labels);
    expect(commands('command="accept-new",outcome="done",problem=""')).toBe(1);
    expect(commands('command="accept-new",outcome="repeated",problem=""')).toBe(1);
    expect(commands('command="hand-over",outcome="done",problem=""')).toBe(1);
    expect(commands('command="annotate",outcome="conflict",problem="revision-stale"')).toBe(1);
    expect(commands('command="return",outcome="refused",problem="step-not-allowed"')).toBe(1);
    expect(of(all, 'motcua_command_seconds_count', 'command="accept-new"')).toBe(2);
  });

  it('counts and times appends, and requests by the pattern of their route', async () => {
    const all = await metrics();
    expect(of(all, 'motcua_append_seconds_count', 'engine="postgresql"')).toBeGreaterThanOrEqual(2);
    expect(all.get('motcua_append_events_total')).toBeGreaterThanOrEqual(2);
    expect(all.get('motcua_append_conflicts_total')).toBe(0);
    const requests = (labels: string) => of(all, 'motcua_http_requests_total', labels);
    expect(requests('method="POST",route="/api/dossiers",status="201"')).toBe(2);
    expect(requests('method="POST",route="/api/dossiers/:code/hand-over",status="200"')).toBe(1);
    await call(service, 'GET', '/nowhere/H54.12-240311-0001');
    expect(of(await metrics(), 'motcua_http_requests_total', 'method="GET",route="none",status="404"')).toBe(
      1,
    );
  });

  it('says how far each projection is and who keeps it', async () => {
    await service.settled();
    const all = await metrics();
    const head = Number(await service.platform.log.head());
    for (const projection of ['worklist', 'report']) {
      const labels = `projection="${projection}"`;
      expect(of(all, 'motcua_projection_position', labels)).toBe(head);
      expect(of(all, 'motcua_projection_lag_events', labels)).toBe(0);
      expect(of(all, 'motcua_projection_lag_seconds', labels)).toBe(0);
      expect(of(all, 'motcua_projection_owner', labels)).toBe(1);
      expect(of(all, 'motcua_projection_stopped', labels)).toBe(0);
    }
    expect(of(all, 'motcua_up', 'dependency="database"')).toBe(1);
    expect(of(all, 'motcua_up', 'dependency="event-log"')).toBe(1);
  });

  it('has no code of a dossier, no account and no name in it', async () => {
    const { text } = await call<string>(service, 'GET', '/metrics');
    expect(text).not.toMatch(/H54|clerk|Ánh Dương|0101234567|counted-1/);
  });

  it('answers when the database is away, without the figures that it cannot know', async () => {
    const admin = createPool(service.databaseUrl.replace(/[^/]+$/, 'postgres'));
    const name = new URL(service.databaseUrl).pathname.slice(1);
    try {
      await admin.query(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS false`);
      await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
      await open(service);
      const all = await metrics();
      expect(of(all, 'motcua_up', 'dependency="database"')).toBe(0);
      expect([...all.keys()].filter((key) => key.startsWith('motcua_projection'))).toEqual([]);
      expect(
        of(
          all,
          'motcua_commands_total',
          'command="accept-new",outcome="unavailable",problem="database-unavailable"',
        ),
      ).toBe(1);
    } finally {
      await admin.query(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS true`);
      await admin.end();
    }
    expect(of(await metrics(), 'motcua_up', 'dependency="database"')).toBe(1);
  });
});

describe('docs/operation.md', () => {
  it('lists every metric of ours that /metrics has, and no other', async () => {
    const listed = (await readFile('docs/operation.md', 'utf8')).match(/^\| `motcua_\w+/gm) ?? [];
    const { text } = await call<string>(service, 'GET', '/metrics');
    const given = text.match(/^# TYPE motcua_\w+/gm) ?? [];
    const names = (found: readonly string[]): string[] =>
      found.map((line) => /motcua_\w+/.exec(line)?.[0] ?? '');
    expect(names(listed).sort()).toEqual(names(given).sort());
  });
});
