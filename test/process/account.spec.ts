import { afterEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase } from '../support/database.js';
import { motcua, startedService } from '../support/program.js';

const LIMIT = 90_000;
const JSON_TYPE = { 'content-type': 'application/json' };

describe('accounts on the command line', () => {
  const after: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (let undo = after.pop(); undo; undo = after.pop()) await undo();
  });

  async function newDatabase(): Promise<{ DATABASE_URL: string }> {
    const { url, drop } = await createTestDatabase();
    after.push(drop);
    return { DATABASE_URL: url };
  }

  it(
    'let the first administrator of an installation in, and programs',
    async () => {
      const env = { ...(await newDatabase()), MOTCUA_DEMO: 'off' };
      const run = async (...words: string[]): Promise<string> => {
        const { code, stdout, stderr } = await motcua(['account', ...words], env);
        expect([code, stderr]).toEqual([0, '']);
        return stdout;
      };
      await run('open', 'an.nguyen', '--role', 'administrator');
      await run('open', 'scanner', '--system', '--role', 'clerk', '--unit', 'A', '--unit', 'B');
      const setUp = (await run('set-up', 'an.nguyen')).trim();
      const expires = new Date(performance.timeOrigin + 86_400_000).toISOString();
      const token = (
        await run('token', 'scanner', '--expires', expires, '--role', 'clerk', '--unit', 'A')
      ).trim();
      expect([setUp, token]).toEqual([expect.stringMatching(/^setup_/), expect.stringMatching(/^motcua_/)]);
      expect(await run('list')).toBe(
        'an.nguyen  administrator (all units)\nscanner  clerk (A, B)  program\n',
      );

      const { program, url } = await startedService(env, []);
      after.push(async () => {
        program.signal('SIGTERM');
        await program.ended;
      });
      const post = (at: string, body: object) =>
        fetch(url + at, { method: 'POST', headers: JSON_TYPE, body: JSON.stringify(body) });
      const newPassword = 'con mèo trèo cây cau';
      expect((await post('/api/password/set-up', { token: setUp, newPassword })).status).toBe(200);
      expect((await post('/api/session', { account: 'an.nguyen', password: newPassword })).status).toBe(201);
      const who = await fetch(`${url}/api/session`, { headers: { authorization: `Bearer ${token}` } });
      expect(await who.json()).toMatchObject({ grants: [{ role: 'clerk', units: ['A'] }] });
    },
    LIMIT,
  );

  it(
    'are refused in one line where something is wrong',
    async () => {
      const env = { ...(await newDatabase()), MOTCUA_DEMO: 'off' };
      expect((await motcua(['account', 'open', 'a', '--role', 'administrator'], env)).code).toBe(0);
      for (const [words, said] of [
        [['open', 'Nguyễn'], /account id/],
        [['open', 'b', '--role', 'king'], /clerk, official/],
        [['open', 'b', '--unit', 'A'], /--role is required/],
        [['close', 'a'], /last administrator/],
        [['token', 'a', '--expires', 'soon'], /--expires/],
        [['set-up', 'nobody'], /no account nobody/],
      ] as const) {
        const { code, stdout, stderr } = await motcua(['account', ...words], env);
        expect([code, stdout]).toEqual([1, '']);
        expect(stderr).toMatch(said);
        expect(stderr.trim().split('\n')).toHaveLength(1);
      }
    },
    LIMIT,
  );

  it(
    'of the demonstration are there for who tries it, on this machine only',
    async () => {
      const { program, url } = await startedService(await newDatabase(), []);
      after.push(async () => {
        program.signal('SIGTERM');
        await program.ended;
      });
      const signIn = (headers: Record<string, string>) =>
        fetch(`${url}/api/session`, {
          method: 'POST',
          headers: { ...JSON_TYPE, ...headers },
          body: JSON.stringify({ account: 'official', password: 'motcua-demo' }),
        });
      expect((await signIn({})).status).toBe(201);
      expect((await signIn({ 'x-forwarded-for': '203.0.113.9' })).status).toBe(401);
      expect(program.stdout).toMatch(/this machine only: sign in as .*administrator.*motcua-demo/);
    },
    LIMIT,
  );
});
