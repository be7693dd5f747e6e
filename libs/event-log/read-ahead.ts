/** Cuts a sequence into pieces of `size`, and reads the next piece while its consumer works on this one. */
export async function* readAhead<T>(source: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  const pieces = cut(source, size);
  let next = pieces.next();
  try {
    for (;;) {
      const piece = await next;
      if (piece.done) return;
      next = pieces.next();
      // Its failure is thrown when it is its turn, not while nobody waits for it.
      next.catch(() => undefined);
      yield piece.value;
    }
  } finally {
    await pieces.return(undefined);
  }
}

async function* cut<T>(source: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let piece: T[] = [];
  for await (const item of source) {
    piece.push(item);
    if (piece.length < size) continue;
    yield piece;
    piece = [];
  }
  if (piece.length > 0) yield piece;
}
