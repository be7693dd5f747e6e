/** The place of one row in memory. */
export interface Slot<R> {
  /** Undefined: there is no such row, as far as one has looked. */
  row: R | undefined;
  /** Whether the table was asked for the row, or cannot have it. */
  known: boolean;
  used: boolean;
}

/**
 * Rows by key, the ones used last. A rebuild writes a row when it was left alone for long, and so most rows once and
 * not after each batch.
 */
export class KeptRows<R> {
  private readonly slots = new Map<string, Slot<R>>();

  get size(): number {
    return this.slots.size;
  }

  /** The slot of a key, to be read and changed in place. */
  slot(key: string): Slot<R> {
    let slot = this.slots.get(key);
    if (slot) slot.used = true;
    else this.slots.set(key, (slot = { row: undefined, known: false, used: false }));
    return slot;
  }

  /** Keeps no more than `most`: takes out the rows that were left alone since they came or were last passed over. */
  shrink(most: number): R[] {
    const taken: R[] = [];
    for (const [key, slot] of this.slots) {
      if (this.slots.size <= most) break;
      this.slots.delete(key);
      if (slot.used && most > 0) {
        slot.used = false;
        this.slots.set(key, slot);
      } else if (slot.row !== undefined) taken.push(slot.row);
    }
    return taken;
  }
}
