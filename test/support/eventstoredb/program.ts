import { Command } from 'commander';
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { selfSignedCertificate } from './certificate.js';
import { control } from './control.js';
import { startEventStore } from './stand-in.js';

/**
 * The stand-in as a process of its own, to be killed with -9 and started again: what was answered is in the journal.
 * It says `ready URL` when it listens. Lines on its input set faults; see `control`.
 */
const given = new Command('eventstoredb-stand-in')
  .description('A stand-in for EventStoreDB, for tests only.')
  .option('--port <number>', 'port of 127.0.0.1 to listen on', '0')
  .option('--journal <file>', 'keep what is appended in this file')
  .option('--tls <file>', 'speak TLS, with a new certificate that is written to this file')
  .option('--user <name:password>', 'let nobody in but this one')
  .option('--end-with-input', 'end when whoever started it has gone')
  .parse()
  .opts<{ port: string; journal?: string; tls?: string; user?: string; endWithInput?: true }>();

const tls = given.tls === undefined ? undefined : selfSignedCertificate();
if (given.tls !== undefined && tls) writeFileSync(given.tls, tls.certificate);
const [name, password] = given.user?.split(':') ?? [];
const server = await startEventStore({
  port: Number(given.port),
  ...(given.journal === undefined ? {} : { journal: given.journal }),
  ...(tls ? { tls } : {}),
  ...(name === undefined || password === undefined ? {} : { users: { [name]: password } }),
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);
say(`ready ${server.url}`);

const stop = (): void => void server.stop().then(() => process.exit(0));

createInterface({ input: process.stdin })
  .on('line', (line) => void control(server, line).then(say))
  .on('close', () => {
    if (given.endWithInput) stop();
  });
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, stop);
}
