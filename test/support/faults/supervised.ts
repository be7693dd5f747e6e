import { setTimeout as sleep } from 'node:timers/promises';
import type { Ended, Program, Starting } from '../program.js';

const AGAIN_MS = 100;

export interface Running {
  readonly program: Program;
  readonly url: string;
}

/** A program that is started again whenever it ends, as a restart policy does, and by nobody else. */
export class Supervised {
  /** How it ended when nobody had killed it, after it had been ready. */
  readonly falls: Ended[] = [];
  private running: Running | undefined;
  private next: Promise<Running>;
  private stopped = false;
  private killed = false;

  constructor(
    readonly name: string,
    private readonly start: () => Starting,
  ) {
    this.next = this.run();
    this.next.catch(() => undefined);
  }

  /** Resolves when it runs and is ready. */
  up(): Promise<Running> {
    return this.next;
  }

  /** Undefined while it is not ready. */
  get url(): string | undefined {
    return this.running?.url;
  }

  /** As a power cut ends it; resolves when it has. */
  async kill(): Promise<void> {
    const { running } = this;
    if (!running) return;
    this.killed = true;
    running.program.signal('SIGKILL');
    await running.program.ended;
  }

  signal(signal: NodeJS.Signals): void {
    this.running?.program.signal(signal);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.signal('SIGCONT');
    await this.kill();
  }

  private async run(): Promise<Running> {
    for (;;) {
      const { program, url } = this.start();
      const running = await url.then(
        (ready) => ({ program, url: ready }),
        () => undefined,
      );
      if (this.stopped) program.signal('SIGKILL');
      if (running) {
        this.running = running;
        this.killed = false;
        void program.ended.then((ended) => this.ended(ended));
        return running;
      }
      await sleep(AGAIN_MS);
      if (this.stopped) throw new Error(`${this.name} was stopped`);
    }
  }

  private ended(ended: Ended): void {
    this.running = undefined;
    if (this.stopped) return;
    if (!this.killed) this.falls.push(ended);
    this.next = this.run();
    this.next.catch(() => undefined);
  }
}
