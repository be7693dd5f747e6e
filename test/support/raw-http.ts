import { connect, type Socket } from 'node:net';
import type { TestService } from './service.js';

export interface RawAnswer {
  readonly status: number;
  readonly headers: string;
  readonly body: string;
}

/** A connection on which anything can be said. */
export class RawConnection {
  private heard = '';
  private readonly socket: Socket;
  /** Resolves when the server, or a broken line, has ended it. */
  readonly ended: Promise<void>;

  constructor({ url }: Pick<TestService, 'url'>) {
    this.socket = connect(Number(new URL(url).port), '127.0.0.1');
    this.socket.on('data', (bytes) => (this.heard += bytes.toString('latin1')));
    this.socket.on('error', () => this.socket.destroy());
    this.ended = new Promise((resolve) => this.socket.once('close', () => resolve()));
  }

  say(bytes: string): this {
    if (this.socket.writable) this.socket.write(bytes, 'latin1');
    return this;
  }

  /** Says one piece after another, with some time between, until all is said or the server ends it. */
  async trickle(pieces: Iterable<string>, everyMs: number): Promise<void> {
    for (const piece of pieces) {
      if (!this.socket.writable) return;
      this.say(piece);
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }

  /** Reads nothing from now on. */
  deafen(): this {
    this.socket.pause();
    return this;
  }

  /** What was answered so far; answers state their length. */
  get answers(): RawAnswer[] {
    const found: RawAnswer[] = [];
    let rest = this.heard;
    for (;;) {
      const end = rest.indexOf('\r\n\r\n');
      if (end < 0 || !rest.startsWith('HTTP/')) return found;
      const headers = rest.slice(0, end);
      const length = Number(/^content-length: (\d+)/im.exec(headers)?.[1] ?? 0);
      const body = rest.slice(end + 4, end + 4 + length);
      found.push({ status: Number(headers.slice(9, 12)), headers, body });
      rest = rest.slice(end + 4 + length);
    }
  }

  hangUp(): void {
    this.socket.destroy();
  }
}

/** Says all of it, waits until the server ends the connection, and gives its answers. */
export async function exchange(service: Pick<TestService, 'url'>, bytes: string): Promise<RawAnswer[]> {
  const connection = new RawConnection(service).say(bytes);
  await connection.ended;
  return connection.answers;
}

/** A request with its headers, and what comes after them as it is. */
export function written(firstLine: string, headers: readonly string[] = [], rest = ''): string {
  return [`${firstLine} HTTP/1.1`, 'Host: 127.0.0.1', ...headers, '', rest].join('\r\n');
}
