import type { FastifyRequest } from 'fastify';
import type { Principal } from './principal.js';

/** Tells who sent a request. */
export interface Authenticator {
  /**
   * @returns undefined where the request carries no proof at all
   * @throws Problem `not-signed-in` for a proof that is wrong, ended or revoked (never says which);
   * `cross-site-request` for a cookie without its counterpart
   */
  authenticate(request: FastifyRequest): Promise<Principal | undefined>;
}

export const AUTHENTICATOR = Symbol('Authenticator');
