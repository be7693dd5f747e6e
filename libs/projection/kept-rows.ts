/**
 * Rows by key, the ones used last. A rebuild writes a row when it was left alone for long, and so most rows once and
 * not after each batch.
 */
export class KeptRows<R> {
  private readonly rows = new Map<string, { row: R; used: boolean }>();

  get size(): number {
    return this.rows.size;
  }

  get(key: string): R | undefined {
    return this.rows.get(key)?.row;
  }

  set(key: string, row: R): void {
    const kept = this.rows.get(key);
    if (!kept) {
      this.rows.set(key, { row, used: false });
    } else {
      kept.row = row;
      kept.used = true;
    }
  }

  /** Keeps no more than `most`: takes out the ones that were left alone since they came or were last passed over. */
  shrink(most: number): R[] {
    const taken: R[] = [];
    for (const [key, kept] of this.rows) {
      if (this.rows.size <= most) break;
      this.rows.delete(key);
      if (kept.used && most > 0) this.rows.set(key, { row: kept.row, used: false });
      else taken.push(kept.row);
    }
    return taken;
  }
}
