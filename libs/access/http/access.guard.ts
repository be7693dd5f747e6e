import { type CanActivate, type ExecutionContext, Inject, Injectable, Optional } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { CLOCK, type Clock, isoNow } from '#libs/event-log/clock.js';
import { Problem } from '#libs/problem/problem.js';
import { AUTHENTICATOR, type Authenticator } from '../authenticator.js';
import { forbidden } from '../demand.js';
import { permit } from '../policy.js';
import { ACTION_KEY, ENROLLING_KEY, PUBLIC, type RouteAction } from './action.decorator.js';
import './admission.js';

/**
 * Lets nobody in whose role does not have the action of the route anywhere, and nobody at all where no action was
 * stated. Where it is done is for the handler to ask.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    @Inject(CLOCK) private readonly clock: Clock,
    /** Where there is none, nobody is signed in. */
    @Optional() @Inject(AUTHENTICATOR) private readonly authenticator?: Authenticator,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const action = this.reflector.get<RouteAction | undefined>(ACTION_KEY, context.getHandler());
    if (action === PUBLIC) return true;
    if (action === undefined) throw forbidden();
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    request.principal = await this.authenticator?.authenticate(request);
    if (!request.principal) throw new Problem('not-signed-in');
    const isForEnrolling = this.reflector.get<boolean | undefined>(ENROLLING_KEY, context.getHandler());
    if (request.principal.secondFactorDue && !isForEnrolling) throw new Problem('second-factor-required');
    const verdict = permit(request.principal, action, isoNow(this.clock));
    if (!verdict.allowed) throw forbidden(action);
    request.admission = { principal: request.principal, action, grant: verdict.grant };
    return true;
  }
}
