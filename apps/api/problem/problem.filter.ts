import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { limitHeaders } from '#libs/access/limits/too-many.js';
import { CalendarError } from '#libs/calendar/calendar-error.js';
import { isUnavailable } from '#libs/event-log/adapters/postgres-rows.adapter.js';
import { LogUnavailable, WrongExpectedRevision } from '#libs/event-log/event-log.js';
import type { ProblemKind } from '#libs/problem/catalogue/entry.js';
import { isTransient } from '#libs/projection/errors.js';
import { detailOf, fieldDetail, type Language, textOf } from '#libs/problem/describe.js';
import { Problem } from '#libs/problem/problem.js';
import { errorFields, LOGGER, type Logger } from '#libs/telemetry/logger.adapter.js';
import { languageOf } from './language.js';

const STATUS: Readonly<Record<ProblemKind, number>> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  unknown: 404,
  'too-slow': 408,
  conflict: 409,
  'too-large': 413,
  unsupported: 415,
  impossible: 422,
  precondition: 428,
  'too-many': 429,
  'headers-too-large': 431,
  broken: 500,
  unavailable: 503,
};

export const BODY_LIMIT = 262_144;

/** Every error as an RFC 9457 problem, in the client's language. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const problem = asProblem(error, request.method) ?? this.unexpected(error, request);
    const reply = http.getResponse<FastifyReply>();
    if (problem.type === 'not-signed-in' && asksForPage(request)) {
      void reply.redirect(`/sign-in?returnTo=${encodeURIComponent(request.url)}`, 303);
    } else void sendProblem(problem, request, reply);
  }

  /** What nobody foresaw is logged without the request's content: it may hold personal data. */
  private unexpected(error: unknown, request: FastifyRequest): Problem {
    const { id: correlationId, method, routeOptions } = request;
    this.logger.error(
      { correlationId, method, route: routeOptions.url ?? 'none', ...errorFields(error) },
      'unexpected error',
    );
    return new Problem('internal-error', { correlationId: request.id });
  }
}

/** Somebody opened it in a browser. What is below `/api/` is for programs. */
const asksForPage = ({ method, url, headers: { accept = '' } }: FastifyRequest): boolean =>
  method === 'GET' && !url.startsWith('/api/') && accept.includes('text/html');

export function sendProblem(problem: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const language = languageOf(request.headers['accept-language']);
  const { status, body } = problemBody(problem, language, request.id);
  if (status === 429) void reply.headers(limitHeaders(problem));
  // Others than `broken` mend themselves.
  if (status === 503) void reply.header('retry-after', '1');
  if (status === 401) void reply.header('www-authenticate', 'Bearer realm="motcua"');
  return reply
    .status(status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .header('content-language', language)
    .send(body);
}

/** RFC 9457: the members of the problem, and what it says in words. */
export function problemBody(
  problem: Problem,
  language: Language,
  instance: string,
): { status: number; body: string } {
  const text = textOf(problem.type);
  const status = STATUS[text.kind];
  const errors = problem.fields.map((field) => ({
    pointer: field.pointer,
    detail: fieldDetail(field, language),
  }));
  const body = JSON.stringify({
    ...problem.details,
    type: `/api/problems/${problem.type}`,
    title: text.title[language],
    status,
    detail: detailOf(problem, language),
    instance,
    ...(errors.length > 0 ? { errors } : {}),
  });
  return { status, body };
}

/** What a client can mend, or undefined for what is ours; only of a command it may be unknown whether it was done. */
export function asProblem(error: unknown, method = 'GET'): Problem | undefined {
  if (error instanceof Problem) return error;
  if (error instanceof LogUnavailable) {
    return new Problem(method === 'GET' || method === 'HEAD' ? 'log-unreadable' : 'log-unavailable');
  }
  if (error instanceof WrongExpectedRevision) return new Problem('too-busy');
  if (isTransient(error) || isUnavailable(error)) return new Problem('database-unavailable');
  if (error instanceof CalendarError) return new Problem('clock-impossible', { reason: error.message });
  const status =
    error instanceof HttpException ? error.getStatus() : (error as { statusCode?: unknown }).statusCode;
  switch (status) {
    case 403:
    case 404:
      return new Problem('not-found');
    case 413:
      return new Problem('body-too-large', { maxBytes: BODY_LIMIT });
    case 415:
      return new Problem('media-type-unsupported');
    case 400:
      return new Problem('body-not-json');
    default:
      return undefined;
  }
}
