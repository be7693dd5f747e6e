import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** How a line is cut: both ends are told, or nothing passes any more and nobody is told. */
export type Cut = 'refused' | 'silent';

/** A line to a port of this machine that can be cut and mended. */
export class TcpProxy {
  private readonly sockets = new Set<Socket>();
  private waiting: Socket[] = [];
  private state: Cut | 'whole' = 'whole';

  private constructor(
    private readonly server: Server,
    /** Where connections go from now on. */
    public target: number,
  ) {
    server.on('connection', (socket: Socket) => this.accept(socket));
  }

  static async to(target: number): Promise<TcpProxy> {
    const server = createServer({ pauseOnConnect: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new TcpProxy(server, target);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  cut(how: Cut): void {
    this.state = how;
    if (how === 'refused') this.end();
    else for (const socket of this.sockets) socket.pause();
  }

  /** What was said into a silent line arrives now, as after a network that comes back. */
  mend(): void {
    this.state = 'whole';
    for (const socket of this.sockets) socket.resume();
    for (const socket of this.waiting.splice(0)) this.join(socket);
  }

  async close(): Promise<void> {
    this.end();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private accept(socket: Socket): void {
    socket.on('error', () => socket.destroy());
    if (this.state === 'refused') socket.destroy();
    else if (this.state === 'silent') this.waiting.push(socket);
    else this.join(socket);
  }

  private join(near: Socket): void {
    const far = connect({ port: this.target, host: '127.0.0.1' });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(one);
      one.setNoDelay();
      one.on('data', (bytes) => void other.write(bytes));
      one.once('end', () => other.end());
      one.once('close', () => {
        this.sockets.delete(one);
        other.destroy();
      });
    }
    far.on('error', () => near.destroy());
    near.resume();
  }

  private end(): void {
    for (const socket of [...this.sockets, ...this.waiting.splice(0)]) socket.destroy();
  }
}
