import { runProgram } from '#apps/platform/run-program.js';
import { readSettings } from '#apps/platform/settings.js';
import { startService } from './start-service.js';

/** Everything in one process: HTTP, projections, and the embedded database unless there is another. */
runProgram(async (signal) => startService(readSettings(process.env), signal));
