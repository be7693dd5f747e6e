import { Command } from 'commander';
import { createInterface } from 'node:readline';
import { control } from './control.js';
import { startEventStore } from './stand-in.js';

/**
 * The stand-in as a process of its own, to be killed with -9 and started again: what was answered is in the journal.
 * It says `ready URL` when it listens. Lines on its input set faults; see `control`.
 */
const { port, journal, endWithInput } = new Command('eventstoredb-stand-in')
  .description('A stand-in for EventStoreDB, for tests only.')
  .option('--port <number>', 'port of 127.0.0.1 to listen on', '0')
  .option('--journal <file>', 'keep what is appended in this file')
  .option('--end-with-input', 'end when whoever started it has gone')
  .parse()
  .opts<{ port: string; journal?: string; endWithInput?: true }>();

const server = await startEventStore({ port: Number(port), ...(journal === undefined ? {} : { journal }) });
const say = (line: string): void => void process.stdout.write(`${line}\n`);
say(`ready ${server.url}`);

const stop = (): void => void server.stop().then(() => process.exit(0));

createInterface({ input: process.stdin })
  .on('line', (line) => void control(server, line).then(say))
  .on('close', () => {
    if (endWithInput) stop();
  });
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, stop);
}
