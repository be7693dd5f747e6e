import type { ProjectionMoved } from './live-updates.js';

/** What goes from process to process: names of read models and their positions, and nothing else. */
export function writeMessage(moved: readonly ProjectionMoved[]): string {
  return JSON.stringify(
    Object.fromEntries(moved.map(({ projection, position }) => [projection, `${position}`])),
  );
}

/** Nothing for a message that is none of ours. */
export function readMessage(message: string): ProjectionMoved[] {
  const entries = Object.entries(parse(message));
  return entries.flatMap(([projection, position]) =>
    typeof position === 'string' && /^\d{1,19}$/.test(position)
      ? [{ projection, position: BigInt(position) }]
      : [],
  );
}

function parse(message: string): object {
  try {
    const value: unknown = JSON.parse(message);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
