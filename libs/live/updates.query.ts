import type { Pool } from 'pg';
import { Problem } from '#libs/problem/problem.js';
import { hasTables } from '#libs/projection/tables.js';
import { EventStream } from './event-stream.js';
import type { LiveUpdates, ProjectionMoved } from './live-updates.js';

export interface UpdatesParts {
  readonly pool: Pool;
  /** Of the log: a position in another one says nothing. */
  readonly engine: string;
  readonly live: LiveUpdates;
  /** Ends all streams. */
  readonly stopping: AbortSignal;
  /** So many streams at most in this process. */
  readonly most?: number;
}

const MOST = 1_000;
const HEARTBEAT_MS = 15_000;
/** A message may get lost: so often the checkpoints are read in any case, once for all streams. */
const LOOK_AGAIN_MS = 2_000;

/** The streams of moves that clients of this process follow. */
export class Updates {
  private readonly streams = new Set<EventStream>();
  private leave: (() => void) | undefined;

  constructor(private readonly parts: UpdatesParts) {
    parts.stopping.addEventListener('abort', () => this.streams.forEach((stream) => stream.end()));
  }

  /**
   * A stream that begins with where each read model is now. Destroy it when its reader is gone.
   * @throws Problem `updates-full`
   */
  async open(): Promise<EventStream> {
    const { most = MOST, stopping } = this.parts;
    if (this.streams.size >= most) throw new Problem('updates-full', { most });
    const stream = new EventStream();
    this.streams.add(stream);
    this.leave ??= this.follow();
    stream.once('close', () => {
      this.streams.delete(stream);
      if (this.streams.size > 0) return;
      this.leave?.();
      this.leave = undefined;
    });
    try {
      for (const moved of await this.positions()) stream.tell(moved);
    } catch (error) {
      stream.destroy();
      throw error;
    }
    if (stopping.aborted) stream.end();
    return stream;
  }

  private follow(): () => void {
    const unsubscribe = this.parts.live.subscribe((moved) => this.tell(moved));
    const heartbeat = setInterval(
      () => this.streams.forEach((stream) => stream.beat()),
      HEARTBEAT_MS,
    ).unref();
    const look = setInterval(() => {
      // A database that is away is asked again next time.
      this.positions().then(
        (all) => all.forEach((moved) => this.tell(moved)),
        () => undefined,
      );
    }, LOOK_AGAIN_MS).unref();
    return () => {
      unsubscribe();
      clearInterval(heartbeat);
      clearInterval(look);
    };
  }

  private tell(moved: ProjectionMoved): void {
    this.streams.forEach((stream) => stream.tell(moved));
  }

  private async positions(): Promise<ProjectionMoved[]> {
    const { pool, engine } = this.parts;
    if (!(await hasTables(pool))) return [];
    const { rows } = await pool.query<{ projection: string; position: string }>(
      'SELECT name AS projection, position::text FROM projection.checkpoints WHERE engine = $1 ORDER BY name',
      [engine],
    );
    return rows.map(({ projection, position }) => ({ projection, position: BigInt(position) }));
  }
}
