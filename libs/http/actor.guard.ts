import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { Problem } from '#libs/problem/problem.js';
import { ACTION_KEY, PUBLIC, type RouteAction } from '#libs/access/http/action.decorator.js';

/** Who is calling. */
export interface Actor {
  /** Account id, never a name. */
  readonly id: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    actor?: Actor;
  }
}

const ACCOUNT_ID = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/;
const READER: Actor = { id: 'reader' };

/**
 * The one place that says who is calling. Until access control exists it believes the header `X-Actor` (the service
 * listens on the loopback address only) and lets every actor do everything; reading needs no header.
 */
@Injectable()
export class ActorGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const action = this.reflector.get<RouteAction | undefined>(ACTION_KEY, context.getHandler());
    if (!action) throw new Problem('forbidden');
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const header = action === PUBLIC ? undefined : request.headers['x-actor'];
    if (header === undefined) {
      if (action !== PUBLIC && request.method !== 'GET' && request.method !== 'HEAD') {
        throw new Problem('actor-missing', {}, [{ pointer: 'header:X-Actor', rule: 'required' }]);
      }
      request.actor = READER;
      return true;
    }
    if (typeof header !== 'string' || !ACCOUNT_ID.test(header)) {
      throw new Problem('actor-malformed', {}, [{ pointer: 'header:X-Actor', rule: 'accountId' }]);
    }
    request.actor = { id: header };
    return true;
  }
}
