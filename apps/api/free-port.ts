import { createServer } from 'node:net';
import { Problem } from '#libs/problem/problem.js';

/** Asks for the port before anything is started. @throws Problem port-taken */
export async function requireFreePort(host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      reject(new Problem(error.code === 'EACCES' ? 'port-forbidden' : 'port-taken', { port }));
    });
    probe.listen(port, host, () => probe.close(() => resolve()));
  });
}
