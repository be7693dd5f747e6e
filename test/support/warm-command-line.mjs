/**
 * The built command line in one process for many commands, one after another: each runs its main.js anew, and has ended
 * when nothing keeps a process alive any more, as a process of its own ends. Only what it imports is loaded already.
 *
 * Each message `{ args, env, end }` is answered by its exit code, and by `end` after its last word on both outputs.
 */
import process from 'node:process';
import { pathToFileURL } from 'node:url';

const script = process.argv[2];
let commands = 0;
let running;

process.on('message', ({ args, env, end }) => {
  running = end;
  process.env = env;
  process.argv = [process.execPath, script, ...args];
  process.channel.unref();
  commands += 1;
  void import(`${pathToFileURL(script).href}?command=${commands}`);
});

process.on('beforeExit', () => {
  if (!running) return;
  for (const output of [process.stdout, process.stderr]) output.write(running);
  process.stdout.removeAllListeners('error');
  process.channel.ref();
  process.send(process.exitCode ?? 0);
  process.exitCode = 0;
  running = undefined;
});
