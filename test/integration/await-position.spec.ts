import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LogUnavailable } from '#libs/event-log/event-log.js';
import { AwaitPosition } from '#libs/live/await-position.query.js';
import type { LiveUpdates, ProjectionMoved } from '#libs/live/live-updates.js';
import { setUpTables } from '#libs/projection/tables.js';
import { withClient } from '#libs/projection/transaction.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const LIMIT_MS = 10_000;

/** Live updates that tell only what they are told to. */
class Silent implements LiveUpdates {
  readonly listeners = new Set<(moved: ProjectionMoved) => void>();

  publish(moved: ProjectionMoved): void {
    this.listeners.forEach((listener) => listener(moved));
  }

  subscribe(listener: (moved: ProjectionMoved) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

describe('waiting for a position', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  const live = new Silent();
  let head = async (): Promise<bigint> => Promise.resolve(100n);
  const waiting = (limitMs = LIMIT_MS): AwaitPosition =>
    new AwaitPosition({
      pool: database.pool,
      log: { engine: 'postgresql', head: () => head() },
      live,
      limitMs,
    });
  const never = new AbortController().signal;
  const moveTo = (position: number, engine = 'postgresql'): Promise<unknown> =>
    database.pool.query(
      `INSERT INTO projection.checkpoints (name, version, position, status, engine)
       VALUES ('worklist', 1, $1, 'live', $2)
       ON CONFLICT (name) DO UPDATE SET position = $1, engine = $2`,
      [position, engine],
    );

  it('is over after the limit where no read model was ever made', async () => {
    await expect(waiting(50).reached('worklist', 5, never)).rejects.toMatchObject({
      type: 'read-model-behind',
      details: { position: 0, state: 'rebuilding' },
    });
    await withClient(database.pool, setUpTables);
  });

  it('ends when the read model moves there, told or not', async () => {
    await moveTo(4);
    for (const tell of [true, false]) {
      const begun = performance.now();
      const reached = waiting().reached('worklist', 5, never);
      await moveTo(5);
      if (tell) live.publish({ projection: 'worklist', position: 5n });
      await reached;
      expect(performance.now() - begun).toBeLessThan(LIMIT_MS / 2);
      await moveTo(4);
    }
  });

  it('ends when the reader goes away, and leaves nothing behind', async () => {
    const gone = new AbortController();
    const reached = waiting().reached('worklist', 50, gone.signal);
    gone.abort();
    await expect(reached).rejects.toMatchObject({ type: 'read-model-behind' });
    expect(live.listeners.size).toBe(0);
  });

  it('does not take the position of another engine for one of this log', async () => {
    await moveTo(1_000_000, 'eventstoredb');
    await expect(waiting(50).reached('worklist', 5, never)).rejects.toMatchObject({
      type: 'read-model-behind',
    });
    await moveTo(4);
  });

  it('believes a position while the log cannot be asked, or may not know its end yet', async () => {
    head = () => Promise.reject(new LogUnavailable(new Error('away')));
    await expect(waiting(50).reached('worklist', 500, never)).rejects.toMatchObject({
      type: 'read-model-behind',
    });
    let asked = 0;
    head = () => Promise.resolve((asked += 1) > 1 ? 500n : 100n);
    await expect(waiting(300).reached('worklist', 500, never)).rejects.toMatchObject({
      type: 'read-model-behind',
    });
    head = () => Promise.resolve(100n);
    await expect(waiting().reached('worklist', 500, never)).rejects.toMatchObject({
      type: 'position-unknown',
    });
  });
});
