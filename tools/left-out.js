import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Files of tests that are about one thing that a machine may lack. With `demanded`, CI=true runs them all the same. */
const NEEDS = [
  {
    what: 'redis-server is not on PATH',
    there: () => spawnSync('redis-server', ['--version']).status === 0,
    demanded: true,
    files: ['test/integration/redis-server.spec.ts', 'test/process/faults/eventstoredb.spec.ts'],
  },
  {
    what: 'there is no Chromium (CHROMIUM names one elsewhere)',
    there: () => existsSync(process.env.CHROMIUM ?? '/usr/bin/chromium'),
    demanded: true,
    files: ['test/**.browser.spec.ts'],
  },
  {
    what: 'this user may not mount a small disk',
    there: mayMount,
    demanded: false,
    files: ['test/process/faults/disk-full.spec.ts'],
  },
];

/** Patterns of the files of tests that this machine has to leave out; each is told on stderr. */
export function leftOut() {
  return NEEDS.filter(({ demanded }) => !demanded || process.env.CI !== 'true')
    .filter(({ there }) => !there())
    .flatMap(({ what, files }) => {
      process.stderr.write(`${what}: ${files.join(', ')} left out\n`);
      return files.map((file) => `/${file.replaceAll('.', '\\.').replaceAll('**', '.*/.*')}$`);
    });
}

function mayMount() {
  const folder = mkdtempSync(join(tmpdir(), 'motcua-may-mount-'));
  const mounted =
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'motcua-test', folder]).status === 0 &&
    spawnSync('umount', [folder]).status === 0;
  rmSync(folder, { recursive: true });
  return mounted;
}
