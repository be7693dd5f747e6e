/** What a process knows when it looks around. */
export interface Around {
  /** How many projections there are. */
  readonly projections: number;
  /** How many processes live that may own some, this one included. */
  readonly processes: number;
  /** Those that this process owns. */
  readonly held: readonly string[];
  /** Those that no living process owns. */
  readonly free: readonly string[];
}

export interface Move {
  /** To be given up, so that others find them free. */
  readonly give: readonly string[];
  /** To be tried in turn until `most` are taken: others may be faster. */
  readonly take: readonly string[];
  readonly most: number;
}

/**
 * A process owns no more than its fair share, rounded up: so all shares together hold every projection, and nobody
 * gives one up that nobody else has room for.
 */
export function decide({ projections, processes, held, free }: Around): Move {
  const share = Math.ceil(projections / Math.max(1, processes));
  const most = Math.max(0, share - held.length);
  return { give: held.slice(share), take: most > 0 ? free : [], most };
}
