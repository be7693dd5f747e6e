import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension, ApiSecurity } from '@nestjs/swagger';
import { ProblemResponses } from '#libs/http/problem-responses.decorator.js';
import type { Action as PolicyAction } from '../policy.js';

export const ACTION_KEY = 'motcua:action';
/** Where the OpenAPI document says what a route does. */
export const ACTION_EXTENSION = 'x-motcua-action';
export const PUBLIC = 'public';
export type RouteAction = PolicyAction | typeof PUBLIC;

/** Ways to sign in, by their names in the OpenAPI document. */
export const SECURITY_SCHEMES = ['token', 'session'] as const;

/**
 * Which action of the policy a route is: only who has it in some unit may call. What depends on the unit is asked by
 * the handler (`permit`). A route with neither this nor `@Public()` is refused.
 */
export const Action = (action: PolicyAction): MethodDecorator =>
  applyDecorators(
    SetMetadata(ACTION_KEY, action),
    ApiExtension(ACTION_EXTENSION, action),
    ...SECURITY_SCHEMES.map((scheme) => ApiSecurity(scheme)),
    ProblemResponses(401, 403),
  );

/** For everyone, signed in or not: health, metrics, documentation, signing in, looking up. */
export const Public = (): MethodDecorator =>
  applyDecorators(SetMetadata(ACTION_KEY, PUBLIC), ApiExtension(ACTION_EXTENSION, PUBLIC));

export const ENROLLING_KEY = 'motcua:enrolling';

/** What somebody may do already who has yet to enrol the second factor that his role needs. */
export const WhileEnrolling = (): MethodDecorator => SetMetadata(ENROLLING_KEY, true);
