import { Readable } from 'node:stream';
import type { ProjectionMoved } from './live-updates.js';

/** How long a browser waits before it comes again. */
const RETRY_MS = 2_000;

/**
 * Moves of read models as server-sent events (WHATWG HTML, `text/event-stream`), each position once and never back. A
 * slow reader gets the newest position of each, not every one, so that no reader fills our memory.
 */
export class EventStream extends Readable {
  private readonly told = new Map<string, bigint>();
  private readonly waiting = new Map<string, bigint>();
  private beginning = `retry: ${RETRY_MS}\n\n`;
  private wanted = false;
  private ended = false;

  tell({ projection, position }: ProjectionMoved): void {
    const known = this.told.get(projection);
    if (this.ended || (known !== undefined && known >= position)) return;
    this.told.set(projection, position);
    this.waiting.set(projection, position);
    this.give();
  }

  /** A comment, so that neither side nor what is between them takes the connection for dead. */
  beat(): void {
    if (this.ended || !this.wanted) return;
    this.wanted = false;
    this.push(':\n\n');
  }

  /** Gives what is waiting, and ends. */
  end(): void {
    if (this.ended) return;
    this.wanted = true;
    this.give();
    this.ended = true;
    this.push(null);
  }

  override _read(): void {
    this.wanted = true;
    this.give();
  }

  private give(): void {
    if (!this.wanted || this.ended) return;
    const text = this.beginning + [...this.waiting].map(asEvent).join('');
    if (text === '') return;
    this.beginning = '';
    this.waiting.clear();
    this.wanted = false;
    this.push(text);
  }
}

function asEvent([projection, position]: [string, bigint]): string {
  return `data: ${JSON.stringify({ projection, position: Number(position) })}\n\n`;
}
