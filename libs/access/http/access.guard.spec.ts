import { describe, expect, it, jest } from '@jest/globals';
import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Problem } from '#libs/problem/problem.js';
import type { Principal } from '../principal.js';
import { AccessGuard } from './access.guard.js';
import { Action, Public } from './action.decorator.js';

const NOW = '2024-03-11T02:00:00.000Z';

class Routes {
  @Action('annotate')
  annotate(): void {}
  @Public()
  live(): void {}
  forgotten(): void {}
}

const clerk: Principal = { id: 'clerk-1', by: 'token', grants: [{ role: 'clerk', units: ['H54.12'] }] };
const auditor: Principal = { id: 'auditor-1', by: 'token', grants: [{ role: 'auditor', units: 'all' }] };

/** Sends a request to a route, as this caller, or with a proof that is wrong. */
async function asking(route: keyof Routes, caller: Principal | Problem | undefined) {
  const request: Record<string, unknown> = {};
  const authenticate = jest.fn(() =>
    caller instanceof Problem ? Promise.reject(caller) : Promise.resolve(caller),
  );
  const guard = new AccessGuard(new Reflector(), { now: () => Date.parse(NOW) }, { authenticate });
  const http = { getRequest: () => request };
  const handler: unknown = Routes.prototype[route];
  const context = { getHandler: () => handler, switchToHttp: () => http } as unknown as ExecutionContext;
  const outcome = await guard.canActivate(context).catch((error: unknown) => error as Problem);
  return { outcome, request, asked: authenticate.mock.calls.length };
}

describe('the access guard', () => {
  it('lets in whose role has the action in some unit, and tells the route who that is', async () => {
    const { outcome, request } = await asking('annotate', clerk);
    expect(outcome).toBe(true);
    const admission = { principal: clerk, action: 'annotate', grant: clerk.grants[0] };
    expect(request).toEqual({ principal: clerk, admission });
  });

  it('refuses who has no role for it, and tells the route nothing', async () => {
    const { outcome, request } = await asking('annotate', auditor);
    expect(outcome).toMatchObject({ type: 'forbidden', details: { action: 'annotate' } });
    expect(request.admission).toBeUndefined();
  });

  it.each([
    ['nothing', undefined],
    ['nothing that is true', new Problem('not-signed-in')],
  ])('asks who has proven %s to sign in', async (_what, proof) => {
    expect((await asking('annotate', proof)).outcome).toMatchObject({ type: 'not-signed-in' });
  });

  it('passes on every other refusal of a proof as it is', async () => {
    const { outcome } = await asking('annotate', new Problem('cross-site-request'));
    expect(outcome).toEqual(new Problem('cross-site-request'));
  });

  it('lets everyone in where that was decided, without asking who it is', async () => {
    expect(await asking('live', undefined)).toMatchObject({ outcome: true, asked: 0 });
  });

  it('lets nobody in where nothing was decided', async () => {
    expect((await asking('forgotten', clerk)).outcome).toMatchObject({ type: 'forbidden' });
  });

  it('lets nobody in where nobody can be known', async () => {
    const guard = new AccessGuard(new Reflector(), { now: () => 0 });
    const http = { getRequest: () => ({}), getResponse: () => ({ header: () => undefined }) };
    const context = { getHandler: () => Routes.prototype.annotate, switchToHttp: () => http };
    await expect(guard.canActivate(context as unknown as ExecutionContext)).rejects.toMatchObject({
      type: 'not-signed-in',
    });
  });
});
