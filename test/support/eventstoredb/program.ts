import { Command } from 'commander';
import { createInterface } from 'node:readline';
import { control } from './control.js';
import { startEventStore } from './stand-in.js';

/**
 * The stand-in as a process of its own, to be killed with -9 and started again: what was answered is in the journal.
 * It says `ready URL` when it listens. Lines on its input set faults; see `control`.
 */
const { port, journal } = new Command('eventstoredb-stand-in')
  .description('A stand-in for EventStoreDB, for tests only.')
  .option('--port <number>', 'port of 127.0.0.1 to listen on', '0')
  .option('--journal <file>', 'keep what is appended in this file')
  .parse()
  .opts<{ port: string; journal?: string }>();

const server = await startEventStore({ port: Number(port), ...(journal === undefined ? {} : { journal }) });
const say = (line: string): void => void process.stdout.write(`${line}\n`);
say(`ready ${server.url}`);

createInterface({ input: process.stdin }).on('line', (line) => {
  void control(server, line).then(say);
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void server.stop().then(() => process.exit(0)));
}
