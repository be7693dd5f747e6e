import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { requireFreePort } from './free-port.js';

describe('before anything is started', () => {
  it.each(['no.such.host.invalid', '192.0.2.1', '8.8.8.8'])(
    'a MOTCUA_HOST that is not of this machine (%s) is told as such',
    async (host) => {
      await expect(requireFreePort(host, 0)).rejects.toMatchObject({
        type: 'host-setting-wrong',
        details: { host },
      });
    },
    30_000,
  );

  it('a port that is in use is told as such, and a free one is free afterwards', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    await expect(requireFreePort('127.0.0.1', port)).rejects.toMatchObject({ type: 'port-taken' });
    await new Promise((resolve) => other.close(resolve));
    await requireFreePort('127.0.0.1', port);
    await requireFreePort('127.0.0.1', port);
  });
});
