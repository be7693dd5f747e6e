import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { openEmbeddedPostgres } from '#libs/read-db/embedded-postgres.adapter.js';

/** A data folder as a program makes it anew, with a database server in which there is nothing. */
export function copyOfEmpty(dataFolder: string): Promise<void> {
  return copyOf('empty', dataFolder, async (draft) => {
    await (await openEmbeddedPostgres({ dataFolder: draft, durable: false })).close();
  });
}

/** Copies a data folder that the first who asks for `what` makes, once in a run: that takes a tenth of the time. */
export async function copyOf(
  what: string,
  dataFolder: string,
  make: (draft: string) => Promise<void>,
): Promise<void> {
  const run = process.env['MOTCUA_TEST_DATA'];
  if (run === undefined) throw new Error('MOTCUA_TEST_DATA is set by the global setup of Jest.');
  const template = `${run}-templates/${what}`;
  if (!existsSync(template)) {
    await mkdir(dirname(template), { recursive: true });
    const draft = await mkdtemp(`${template}-`);
    await make(join(draft, 'data'));
    // Another worker may have been quicker.
    await rename(join(draft, 'data'), template).catch(() => undefined);
    await rm(draft, { recursive: true, force: true });
  }
  await mkdir(dirname(dataFolder), { recursive: true });
  await promisify(execFile)('cp', ['-a', `${template}/.`, dataFolder]);
}
