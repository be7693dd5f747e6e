import { benchDelay } from './reminder-delay.js';
import { benchMemory } from './reminder-memory.js';
import { benchPlanning } from './reminder-planning.js';

/** How late the log learns that a deadline passed; what planning costs; what the queue takes. */
export async function benchReminders(size: 'short' | 'full'): Promise<object> {
  return {
    planning: await benchPlanning(size),
    overdueDelay: await benchDelay(size),
    memory: await benchMemory(size),
  };
}
