import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type EmbeddedPostgres, openEmbeddedPostgres } from '#libs/read-db/embedded-postgres.adapter.js';
import { createPool } from '#libs/read-db/pool.adapter.js';
import { copyOfEmpty } from '../support/data-template.js';

const PID_FILE = 'postgres/postmaster.pid';

// Clusters are made durable here, which takes seconds on a busy disk.
jest.setTimeout(120_000);

describe('the embedded PostgreSQL', () => {
  let dataFolder: string;
  let opened: EmbeddedPostgres[];

  beforeEach(async () => {
    dataFolder = await mkdtemp(join(tmpdir(), 'motcua-embedded-'));
    await copyOfEmpty(dataFolder);
    opened = [];
  });
  afterEach(async () => {
    for (const each of opened) await each.close();
    await rm(dataFolder, { recursive: true, force: true });
  });

  const open = async (folder = dataFolder): Promise<EmbeddedPostgres> => {
    const embedded = await openEmbeddedPostgres({ dataFolder: folder });
    opened.push(embedded);
    return embedded;
  };
  const close = async (embedded: EmbeddedPostgres): Promise<void> => {
    opened.splice(opened.indexOf(embedded), 1);
    await embedded.close();
  };
  const ask = async (url: string, question: string): Promise<unknown> => {
    const pool = createPool(url);
    try {
      const { rows } = await pool.query<{ answer: unknown }>(question);
      return rows[0]?.answer;
    } finally {
      await pool.end();
    }
  };
  const pidFile = () => readFile(join(dataFolder, PID_FILE), 'utf8');
  const serverPid = async () => Number.parseInt(await pidFile(), 10);
  const isRunning = () => pidFile().then(Boolean, () => false);

  it('makes a new folder, durable, on the loopback address only, with a secret nobody else can read', async () => {
    const { url, reused } = await open(join(dataFolder, 'new', 'data'));
    expect(reused).toBe(false);
    expect(
      await ask(
        url,
        `SELECT json_object_agg(name, setting) AS answer FROM pg_settings WHERE name IN ('fsync', 'full_page_writes',
         'synchronous_commit', 'listen_addresses', 'unix_socket_directories', 'TimeZone', 'server_encoding')`,
      ),
    ).toEqual({
      fsync: 'on',
      full_page_writes: 'on',
      synchronous_commit: 'on',
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      TimeZone: 'UTC',
      server_encoding: 'UTF8',
    });
    const { mode } = await stat(join(dataFolder, 'new', 'data', 'motcua.json'));
    expect(mode & 0o077).toBe(0);
    await expect(ask(url.replace(/:[^:@]+@/, ':guess@'), 'SELECT 1 AS answer')).rejects.toMatchObject({
      code: '28P01',
    });
  });

  it('is shared by the second who opens it, and stopped by the last who closes it', async () => {
    const first = await open();
    const second = await open();
    expect(second).toMatchObject({ reused: true, url: first.url });
    await close(first);
    expect(await ask(second.url, 'SELECT 1 AS answer')).toBe(1);
    await close(second);
    expect(await isRunning()).toBe(false);
  });

  it('is left running on close while another client is connected', async () => {
    const embedded = await open();
    const client = createPool(embedded.url);
    await client.query('SELECT 1');
    await close(embedded);
    expect(await isRunning()).toBe(true);
    await client.end();
    await close(await open());
    expect(await isRunning()).toBe(false);
  });

  it('opens once for several who open a new folder at the same moment', async () => {
    const all = await Promise.all([1, 2, 3].map(() => open(join(dataFolder, 'new'))));
    expect(new Set(all.map(({ url }) => url)).size).toBe(1);
    expect(all.filter(({ reused }) => !reused)).toHaveLength(1);
  });

  it('lets in who opens while the last one closes', async () => {
    for (let turn = 0; turn < 3; turn++) {
      const first = await open();
      const [second] = await Promise.all([open(), close(first)]);
      expect(await ask(second.url, 'SELECT 1 AS answer')).toBe(1);
      await close(second);
    }
  });

  it('keeps what was committed when the server and all its processes are killed', async () => {
    const before = await open();
    await ask(before.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const pool = createPool(before.url);
    const { rows } = await pool.query<{ pid: number }>('SELECT pid FROM pg_stat_activity');
    await pool.end();
    process.kill(await serverPid(), 'SIGKILL');
    for (const { pid } of rows) killIfThere(pid);
    const after = await open();
    expect(after.reused).toBe(false);
    expect(await ask(after.url, 'SELECT answer FROM kept')).toBe(42);
  });

  it('starts anew when the pid in a left-over file belongs to another program by now', async () => {
    await close(await open());
    const foreigner = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    try {
      const left = [foreigner.pid, join(dataFolder, 'postgres'), 1, 1, '', '127.0.0.1', 1, 'ready   '];
      await writeFile(join(dataFolder, PID_FILE), left.join('\n'));
      const embedded = await open();
      expect(embedded.reused).toBe(false);
      expect(await ask(embedded.url, 'SELECT 1 AS answer')).toBe(1);
      expect(foreigner.exitCode).toBeNull();
    } finally {
      foreigner.kill('SIGKILL');
      await once(foreigner, 'exit');
    }
  });

  it('refuses a folder that cannot be made', async () => {
    const file = join(dataFolder, 'a-file');
    await writeFile(file, '');
    for (const folder of [file, join(file, 'data')]) {
      await expect(open(folder)).rejects.toMatchObject({
        type: 'data-folder-unwritable',
        details: { folder },
      });
    }
  });

  it('refuses the folder of a newer version and leaves it as it is', async () => {
    const marker = join(dataFolder, 'motcua.json');
    await writeFile(marker, '{"format":2,"secret":"?"}');
    await expect(open()).rejects.toMatchObject({
      type: 'data-folder-newer',
      details: { found: 2, known: 1 },
    });
    expect(await readFile(marker, 'utf8')).toBe('{"format":2,"secret":"?"}');
  });

  it('refuses a cluster of a newer PostgreSQL, and one that lost its marker', async () => {
    await close(await open());
    const version = join(dataFolder, 'postgres', 'PG_VERSION');
    const known = (await readFile(version, 'utf8')).trim();
    await writeFile(version, '99\n');
    await expect(open()).rejects.toMatchObject({
      type: 'database-cluster-newer',
      details: { found: '99', known },
    });
    await rm(join(dataFolder, 'motcua.json'));
    await expect(open()).rejects.toMatchObject({ type: 'data-folder-damaged' });
  });
});

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended with its server.
  }
}
