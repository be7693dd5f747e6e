import { Command } from 'commander';
import type { OpenContext } from '../context.js';
import { print } from '#apps/platform/say.js';

/** `demo`: the demonstration desk. Run twice, it adds nothing. */
export function demoCommand(open: OpenContext): Command {
  return new Command('demo')
    .description('Loads the demonstration desk: a synthetic half-year, January to June 2024.')
    .action(async () => {
      // It checks its files by the bodies of requests: the other commands need not wait for that framework.
      const { loadDemo } = await import('#apps/demo/load-demo.js');
      const context = await open();
      try {
        const count = await loadDemo(context, context.reference);
        print(`The demonstration desk is there: ${count} synthetic dossiers, January–June 2024.\n`);
      } finally {
        await context.close();
      }
    });
}
