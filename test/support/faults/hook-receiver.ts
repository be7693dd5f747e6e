import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A message as the other side got it. */
export interface Received {
  /** As its header says. */
  readonly key: string;
  readonly code: string;
  readonly reminder: string;
}

const ANSWER_MS = 20;

/** The other side of a web hook, which takes a moment for each message. */
export class HookReceiver {
  readonly received: Received[] = [];
  private next: { left: number; readonly when: 'before' | 'after'; readonly now: () => void } | undefined;

  private constructor(private readonly server: Server) {}

  static async open(): Promise<HookReceiver> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { data } = JSON.parse(Buffer.concat(chunks).toString()) as { data: Omit<Received, 'key'> };
        const { code, reminder } = data;
        receiver.take({ key: String(request.headers['webhook-id']), code, reminder }, response);
      });
    });
    const receiver = new HookReceiver(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  /** Calls in the very moment when so many more have arrived: before the last of them is answered, or just after. */
  after(more: number, when: 'before' | 'after', now: () => void): void {
    this.next = { left: more, when, now };
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private take(message: Received, response: ServerResponse): void {
    this.received.push(message);
    const { next } = this;
    if (next) next.left -= 1;
    const now = next?.left === 0 ? next : undefined;
    if (now?.when === 'before') now.now();
    setTimeout(() => {
      response.writeHead(204).end(() => {
        if (now?.when === 'after') now.now();
      });
    }, ANSWER_MS);
  }
}
