import { messageOf } from '#libs/read-db/data-folder.adapter.js';

const SAME_LINE_AGAIN_MS = 10_000;

/** The same words are told once in ten seconds: a lost connection is noticed by every queue and worker. */
export function once(tell: (error: unknown) => void): (error: unknown) => void {
  const told = new Map<string, number>();
  return (error) => {
    const words = oneLine(error);
    const now = performance.now();
    if (now - (told.get(words) ?? -Infinity) < SAME_LINE_AGAIN_MS) return;
    if (told.size > 100) told.clear();
    told.set(words, now);
    tell(error);
  };
}

export function oneLine(error: unknown): string {
  return messageOf(error).replace(/\s+/g, ' ').slice(0, 300);
}
