import type { Platform } from '#apps/platform/open-platform.js';
import type { JobEngine } from '#libs/jobs/job-engine.adapter.js';
import { BOARD_PATH, type Board, type BoardOnDemand } from '#libs/queue-board/queue-board.js';

export interface QueueBoardParts {
  readonly platform: Pick<Platform, 'pool' | 'redis'>;
  /** Of this process, where it has one; else one is opened for the board, to look only. */
  readonly engine: JobEngine | undefined;
  readonly notice: (line: string) => void;
}

/** The board of queues. Few ask for it, and what it needs is large: it is loaded and opened for the first who does. */
export function queueBoardOnDemand({ platform, engine, notice }: QueueBoardParts): {
  board: BoardOnDemand;
  close(): Promise<void>;
} {
  let board: Promise<Board> | undefined;
  let own: JobEngine | undefined;
  const open = async (): Promise<Board> => {
    const [{ QueueBoard }, { openJobEngine, QUEUES }] = await Promise.all([
      import('#libs/queue-board/queue-board.adapter.js'),
      import('#apps/worker/jobs.js'),
    ]);
    own = engine ? undefined : await openJobEngine(platform, notice);
    return new QueueBoard((engine ?? own) as JobEngine, QUEUES, `${BOARD_PATH}/`);
  };
  return {
    board: () =>
      (board ??= open().catch((error: unknown) => {
        board = undefined;
        throw error;
      })),
    close: async () => {
      await board?.catch(() => undefined);
      await own?.close();
    },
  };
}
