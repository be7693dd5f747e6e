/**
 * Rows that a rebuild has not written yet: the ones touched last, by connection. So most rows are written once, and not
 * after each batch. Nobody reads the tables before `finish`, which writes what is left.
 */
export class KeptRows<T> {
  private readonly byConnection = new WeakMap<object, Map<string, T>>();

  /** `most`: so many rows stay in memory at most. */
  constructor(private readonly most: number) {}

  get(db: object, key: string): T | undefined {
    return this.byConnection.get(db)?.get(key);
  }

  /** Keeps these rows; gives back the ones untouched for longest, to be written, when there are too many. */
  put(db: object, rows: ReadonlyMap<string, T>): T[] {
    const kept = this.byConnection.get(db) ?? new Map<string, T>();
    this.byConnection.set(db, kept);
    for (const [key, row] of rows) {
      kept.delete(key);
      kept.set(key, row);
    }
    return kept.size > this.most ? take(kept, kept.size - this.most / 2) : [];
  }

  /** Gives back all rows that are left, and keeps none. */
  drain(db: object): T[] {
    const kept = this.byConnection.get(db);
    this.byConnection.delete(db);
    return kept ? [...kept.values()] : [];
  }
}

/** A map gives its entries in the order of their last `set`. */
function take<T>(kept: Map<string, T>, count: number): T[] {
  const taken: T[] = [];
  for (const [key, row] of kept) {
    if (taken.length >= count) break;
    taken.push(row);
    kept.delete(key);
  }
  return taken;
}
