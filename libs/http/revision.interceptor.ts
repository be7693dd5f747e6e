import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';

/** Puts the revision of an answer into `ETag`, and the address of what was made into `Location`. */
@Injectable()
export class RevisionInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      map((answer) => {
        const { revision, code } = (answer ?? {}) as { revision?: unknown; code?: unknown };
        if (typeof revision === 'number') void reply.header('etag', `"${revision}"`);
        if (reply.statusCode === 201 && typeof code === 'string' && typeof revision === 'number') {
          void reply.header('location', `/api/dossiers/${encodeURIComponent(code)}`);
        }
        return answer;
      }),
    );
  }
}
