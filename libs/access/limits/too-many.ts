import { Problem } from '#libs/problem/problem.js';
import type { Count, Limit } from './counters.js';

/**
 * The refusal of whoever did something too often; over HTTP 429 with `Retry-After` and the fields of
 * draft-ietf-httpapi-ratelimit-headers.
 */
export function tooMany(
  type: 'too-many-attempts' | 'too-many-requests',
  limit: Limit,
  count: Count,
): Problem {
  const retryAfter = Math.max(1, Math.ceil(count.msLeft / 1_000));
  return new Problem(type, { retryAfter, limit: limit.name, quota: limit.points, window: limit.seconds });
}

/** Fields of the answer to a refusal by {@link tooMany}. */
export function limitHeaders({ details }: Problem): Record<string, string> {
  const [retryAfter, limit, quota, window] = ['retryAfter', 'limit', 'quota', 'window'].map((name) =>
    JSON.stringify(details[name]),
  ) as [string, string, string, string];
  return {
    'retry-after': retryAfter,
    'ratelimit-policy': `${limit};q=${quota};w=${window}`,
    ratelimit: `${limit};r=0;t=${retryAfter}`,
  };
}
