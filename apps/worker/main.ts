import { runProgram } from '#apps/platform/run-program.js';
import { readSettings } from '#apps/platform/settings.js';
import { startWorker } from './start-worker.js';

const DEFAULTS = { port: 3100 };

/** The read models in a process of their own; any number of these share them. */
runProgram(async (signal) => startWorker(readSettings(process.env, DEFAULTS), signal));
