// Runs the contract of the event log, and the product's own scenarios, against a server that is there:
//   npm run contract -- --eventstore URL [--database URL]
// The server may hold other events; what is written stays on it. Prints what passed; exit code 1 if something did not.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Command } from 'commander';

const SUITES = [
  'test/integration/event-log.eventstoredb.spec.ts',
  'test/e2e/dossier-life.spec.ts',
  'test/e2e/idempotency.spec.ts',
  'test/e2e/if-match.spec.ts',
  'test/integration/reports/ii-06a-http.spec.ts',
];

const { eventstore, database, only } = new Command('contract')
  .description('Runs the contract of the event log against an EventStoreDB or KurrentDB.')
  .requiredOption('--eventstore <url>', 'address of the server: esdb://user:password@host:2113?tls=true')
  .option('--database <url>', 'a PostgreSQL in which databases may be made; without it the embedded one')
  .option('--only <text>', 'only the suites whose file name has this in it', '')
  .parse()
  .opts();

const say = (line) => process.stdout.write(`${line}\n`);
const folder = await mkdtemp(join(tmpdir(), 'motcua-contract-'));
const report = join(folder, 'report.json');
try {
  say(`event log and scenarios on ${eventstore.replace(/\/\/[^@/]*@/, '//')}`);
  const { text, code } = await jest(report);
  const results = await readFile(report, 'utf8').catch(() => undefined);
  if (results === undefined) {
    process.stderr.write(text);
    throw new Error(`the tests did not run (exit code ${code})`);
  }
  process.exitCode = list(JSON.parse(results)) ? 0 : 1;
} catch (error) {
  process.stderr.write(`contract: ${error.message}\n`);
  process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** One process of Node: its first lines of output matter only where there is no report. */
function jest(outputFile) {
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const args = ['--runInBand', '--silent', '--json', `--outputFile=${outputFile}`, '--testTimeout=60000'];
  const env = { ...process.env, EVENTSTORE_URL: eventstore };
  if (database !== undefined) env.MOTCUA_TEST_DATABASE = database;
  const child = spawn(
    process.execPath,
    [
      ...flags,
      'node_modules/jest/bin/jest.js',
      ...args,
      '--runTestsByPath',
      ...SUITES.filter((path) => path.includes(only)),
    ],
    { env, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (piece) => (text += piece));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ text, code }));
  });
}

/** @returns whether all passed */
function list({ testResults, numPassedTests, numFailedTests, numRuntimeErrorTestSuites }) {
  for (const suite of testResults) {
    say(`\n${relative(process.cwd(), suite.name)}`);
    if (suite.assertionResults.length === 0)
      say(`  failed  ${suite.message.trim().split('\n', 3).join(' ')}`);
    for (const { status, ancestorTitles, title, failureMessages } of suite.assertionResults) {
      say(`  ${status === 'passed' ? 'ok    ' : 'failed'}  ${[...ancestorTitles, title].join(' › ')}`);
      for (const message of failureMessages)
        say(`          ${message.split('\n', 2).join(' ').slice(0, 300)}`);
    }
  }
  const failed = numFailedTests + numRuntimeErrorTestSuites;
  say(`\n${numPassedTests} passed, ${failed} failed`);
  return failed === 0 && numPassedTests > 0;
}
