import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import '../http/admission.js';
import { LIMITED_KEY } from './limited.decorator.js';
import { type LimitName, REQUEST_LIMITER, RequestLimiter } from './request-limiter.js';

/** Limits by account and by route. It runs after the guards: who is calling is known. */
@Injectable()
export class LimitInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    @Inject(REQUEST_LIMITER) private readonly limiter: RequestLimiter,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const { principal, ip } = context.switchToHttp().getRequest<FastifyRequest>();
    if (principal) this.limiter.byAccount(principal.id);
    const name = this.reflector.get<LimitName | undefined>(LIMITED_KEY, context.getHandler());
    if (name !== undefined) await this.limiter.byName(name, ip);
    return next.handle();
  }
}
