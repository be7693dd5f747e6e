import type { LiveUpdates, ProjectionMoved } from './live-updates.js';
import { readMessage, writeMessage } from './message.js';

/** The way to the other processes. */
export interface Wire {
  /** Rejects if the message was not taken: it is said again later, in newer words. */
  send(message: string): Promise<unknown>;
  /** Called once, when there is someone to tell. */
  listen(heard: (message: string) => void): void;
  close(): Promise<void>;
}

/** Moves that come so close together go out as one. */
const TOGETHER_MS = 20;
const SEND_AGAIN_MS = 500;

/**
 * Live updates over a wire. Listeners of this process hear at once, and once more when the message comes back. Of each
 * read model only the newest position waits to be sent, so a lost wire fills no memory.
 */
export class GatheredUpdates implements LiveUpdates {
  private readonly listeners = new Set<(moved: ProjectionMoved) => void>();
  private readonly waiting = new Map<string, bigint>();
  private timer: NodeJS.Timeout | undefined;
  private sending: Promise<void> = Promise.resolve();
  private listening = false;
  private closed = false;

  constructor(private readonly wire: Wire) {}

  publish(moved: ProjectionMoved): void {
    if (this.closed) return;
    this.tell(moved);
    this.keep(moved);
    this.sendAfter(TOGETHER_MS);
  }

  subscribe(listener: (moved: ProjectionMoved) => void): () => void {
    const own = (moved: ProjectionMoved): void => listener(moved);
    this.listeners.add(own);
    if (!this.listening && !this.closed) {
      this.listening = true;
      this.wire.listen((message) => readMessage(message).forEach((moved) => this.tell(moved)));
    }
    return () => void this.listeners.delete(own);
  }

  /** What was published is sent first, if that works at once. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    clearTimeout(this.timer);
    await this.sending;
    await this.send();
    this.listeners.clear();
    await this.wire.close();
  }

  private tell(moved: ProjectionMoved): void {
    for (const listener of [...this.listeners]) listener(moved);
  }

  private keep({ projection, position }: ProjectionMoved): void {
    const known = this.waiting.get(projection);
    if (known === undefined || known < position) this.waiting.set(projection, position);
  }

  private sendAfter(ms: number): void {
    this.timer ??= setTimeout(() => {
      this.sending = this.sendNow();
    }, ms).unref();
  }

  private async sendNow(): Promise<void> {
    const sent = await this.send();
    this.timer = undefined;
    if (this.waiting.size > 0 && !this.closed) this.sendAfter(sent ? TOGETHER_MS : SEND_AGAIN_MS);
  }

  private async send(): Promise<boolean> {
    const moved = [...this.waiting].map(([projection, position]) => ({ projection, position }));
    if (moved.length === 0) return true;
    this.waiting.clear();
    try {
      await this.wire.send(writeMessage(moved));
      return true;
    } catch {
      moved.forEach((each) => this.keep(each));
      return false;
    }
  }
}
