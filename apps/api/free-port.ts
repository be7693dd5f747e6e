import { createServer } from 'node:net';
import { Problem } from '#libs/problem/problem.js';

/** What the system says of an address that it does not have, or of a name that leads to none. */
const NO_SUCH_HOST: readonly unknown[] = [
  ...['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL'],
  ...['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA'],
];

/** Asks for the port before anything is started. @throws Problem port-taken, port-forbidden, host-setting-wrong */
export async function requireFreePort(host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      reject(problemOf(error, host, port));
    });
    probe.listen(port, host, () => probe.close(() => resolve()));
  });
}

function problemOf(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const { code } = error;
  if (code === 'EADDRINUSE') return new Problem('port-taken', { port });
  if (code === 'EACCES') return new Problem('port-forbidden', { port });
  return NO_SUCH_HOST.includes(code) ? new Problem('host-setting-wrong', { host }) : error;
}
