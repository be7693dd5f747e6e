import type { FastifyRequest } from 'fastify';
import type { Account } from './accounts/account.js';
import { isFromThisMachine } from './http/loopback.js';

/** Known to everyone, since it is in the documentation. */
export const DEMO_PASSWORD = 'motcua-demo';

/** Lets the accounts of the demonstration work on this machine only, and only where the service listens to it alone. */
export class DemoGate {
  /** @param open whether there are demonstration accounts, and the service listens on a loopback address */
  constructor(private readonly open: boolean) {}

  lets(account: Account | undefined, request: Pick<FastifyRequest, 'headers' | 'socket'>): boolean {
    return account?.demo !== true || (this.open && isFromThisMachine(request));
  }
}
