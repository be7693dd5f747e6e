/** How to undo the steps of a start, the first one first. */
export type Stops = (() => Promise<unknown>)[];

export interface Started {
  /** Stops what was started, the last one first; no failure keeps the rest from stopping. */
  stop(): Promise<void>;
}

/**
 * Starts the parts of a program; `start` notes for each how to stop it.
 * @throws what `start` throws, with nothing left running
 */
export async function startInTurn(start: (stops: Stops) => Promise<void>): Promise<Started> {
  const stops: Stops = [];
  const stop = async (): Promise<void> => {
    for (let next = stops.pop(); next; next = stops.pop()) await next().catch(() => undefined);
  };
  try {
    await start(stops);
    return { stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
