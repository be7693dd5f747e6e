import { createServer, type Server as TcpServer, type Socket } from 'node:net';
import type { Server as GrpcServer, ServerCredentials } from '@grpc/grpc-js';

/** The port of a server, with its connections in hand, so that they can be cut from here. */
export class Listener {
  private readonly sockets = new Map<string, Socket>();

  private constructor(private readonly tcp: TcpServer) {}

  /** @param port 0 for a free one */
  static async open(grpc: GrpcServer, credentials: ServerCredentials, port: number): Promise<Listener> {
    const injector = grpc.createConnectionInjector(credentials);
    const tcp = createServer({ noDelay: true });
    const listener = new Listener(tcp);
    tcp.on('connection', (socket) => {
      const peer = `${socket.remoteAddress ?? ''}:${socket.remotePort ?? 0}`;
      listener.sockets.set(peer, socket);
      socket.on('close', () => listener.sockets.delete(peer));
      socket.on('error', () => socket.destroy());
      injector.injectConnection(socket);
    });
    await new Promise<void>((resolve, reject) => {
      tcp.once('error', reject);
      tcp.listen(port, '127.0.0.1', resolve);
    });
    return listener;
  }

  get port(): number {
    const address = this.tcp.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  get connections(): number {
    return this.sockets.size;
  }

  cut(peer: string): void {
    this.sockets.get(peer)?.destroy();
  }

  cutAll(): void {
    for (const socket of [...this.sockets.values()]) socket.destroy();
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.tcp.close(() => resolve()));
    this.cutAll();
    await closed;
  }
}
