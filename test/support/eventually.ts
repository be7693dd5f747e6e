import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 20_000;
const LOOK_AGAIN_MS = 20;

/** Passes as soon as `look` does not throw; fails with what it threw last. */
export async function eventually(look: () => unknown, patienceMs = PATIENCE_MS): Promise<void> {
  const begun = performance.now();
  for (;;) {
    try {
      await look();
      return;
    } catch (error) {
      if (performance.now() - begun > patienceMs) throw error;
    }
    await sleep(LOOK_AGAIN_MS);
  }
}
