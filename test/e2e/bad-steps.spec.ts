import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DossierView } from '#libs/dossier/detail/dossier-view.js';
import { STATUS_CODES, type Status } from '#libs/dossier/dossier.js';
import { STEPS, type Step } from '#libs/dossier/steps.js';
import { Held, heldIn, open, OPENING, REGISTRATION, SECOND_PERSON } from '../support/desk.js';
import { call, refused } from '../support/http.js';
import { startService, type TestService } from '../support/service.js';
import { bearer } from '../support/tokens.js';
import { expectLogVerified, expectNothingWritten } from '../support/whole-log.js';

let service: TestService;
beforeAll(async () => (service = await startService()), 60_000);
afterAll(() => service.close());

/** A step that is refused, and leaves the dossier as it was. */
async function refuse(held: Held, step: Step, problem: [number, string], body: object = {}) {
  let answer: Awaited<ReturnType<typeof refused>> | undefined;
  await expectNothingWritten(service, async () => {
    answer = await refused(service, problem, 'POST', `${held.path}/${step}`, held.sending(step, body));
  });
  return answer!;
}

describe('a step that the state does not allow', () => {
  it.each(Object.keys(STATUS_CODES) as Status[])(
    'is refused in state %s, with those it does',
    async (status) => {
      const held = await heldIn(service, status);
      for (const step of Object.keys(STEPS) as Step[]) {
        if (held.last.allowed.includes(step)) continue;
        const filled = step === 'link' ? { formerCode: held.code } : {};
        const problem = await refuse(held, step, [409, 'step-not-allowed'], filled);
        expect(problem).toMatchObject({ step, state: status, allowed: held.last.allowed, code: held.code });
        expect(problem.detail).toContain(held.code);
      }
    },
  );

  it('is no address if there is no such step', async () => {
    const held = await heldIn(service, 'accepted');
    await refused(service, [404, 'not-found'], 'POST', `${held.path}/reopen`, held.sending('accept'));
  });
});

describe('what cannot be opened', () => {
  const cases: [string, object, string, string][] = [
    ['an unknown unit', { unit: 'H99.99' }, 'unit-unknown', '/unit'],
    ['an unknown procedure', { procedure: '9.999999' }, 'procedure-unknown', '/procedure'],
    ['an unknown case', { case: 'case 99' }, 'case-unknown', '/case'],
    ['a future date', { occurredAt: '2024-03-11T09:05:01+07:00' }, 'in-the-future', '/occurredAt'],
    ['a time before the desk was', { occurredAt: '1999-03-11T09:00:00+07:00' }, 'unit-unknown', '/unit'],
  ];
  it.each(cases)('%s', async (_what, more, type, pointer) => {
    await expectNothingWritten(service, async () => {
      for (const [path, body] of [
        ['/api/dossiers', { ...OPENING, ...more }],
        ['/api/dossiers/register', { ...REGISTRATION, ...more }],
      ] as const) {
        const problem = await refused(service, [422, type], 'POST', path, { body });
        expect(problem.errors?.map((error) => error.pointer)).toEqual([pointer]);
      }
    });
  });

  it('a former dossier that does not exist', async () => {
    const body = { ...OPENING, formerCode: 'H54.12-200101-0001' };
    const problem = await refused(service, [422, 'former-dossier-unknown'], 'POST', '/api/dossiers', {
      body,
    });
    expect(problem.errors?.[0]?.pointer).toBe('/formerCode');
  });

  it('while what is within the tolerance of the clock is taken', async () => {
    expect((await open(service, { occurredAt: '2024-03-11T09:05:00+07:00' })).status).toBe(201);
  });
});

describe('times that cannot be true', () => {
  it('an end before the acceptance', async () => {
    const held = await heldIn(service, 'processing');
    const problem = await refuse(held, 'resolve', [422, 'before-acceptance'], {
      occurredAt: '2024-03-08T09:00:00+07:00',
    });
    expect(problem.errors?.[0]?.pointer).toBe('/occurredAt');
    expect(problem).toMatchObject({ acceptedAt: '2024-03-11T02:00:00.000Z' });
  });

  it('a step before the one it follows', async () => {
    const held = new Held(service, (await open(service, { occurredAt: '2024-03-11T08:00:00+07:00' })).body);
    await held.take('hand-over', { occurredAt: '2024-03-11T08:30:00+07:00' });
    await refuse(held, 'resolve', [422, 'before-previous-step'], { occurredAt: '2024-03-11T08:15:00+07:00' });
  });

  it('a correction that turns the order around, or lies ahead', async () => {
    const held = await heldIn(service, 'resolved');
    await refuse(held, 'correct', [422, 'ended-before-acceptance'], { to: '2024-03-11T09:04:00+07:00' });
    const ended = { field: 'resolved_at' };
    await refuse(held, 'correct', [422, 'before-acceptance'], { ...ended, to: '2024-03-10T09:00:00+07:00' });
    await refuse(held, 'correct', [422, 'in-the-future'], { ...ended, to: '2024-03-12T09:00:00+07:00' });
    await refuse(held, 'correct', [409, 'nothing-to-correct'], { field: 'returned_at' });
  });

  it('a due instant that is not later', async () => {
    const held = await heldIn(service, 'processing');
    const problem = await refuse(held, 'extend', [422, 'due-not-later'], {
      newDueAt: '2024-03-14T09:00:00+07:00',
    });
    expect(problem.errors?.[0]?.pointer).toBe('/newDueAt');
    await refuse(held, 'consult', [422, 'due-not-later'], { dueAt: '2024-03-11T09:00:00+07:00' });
  });
});

describe('a change that takes two persons', () => {
  const second = { proposal: 'p2' };
  it('is not approved by the one who proposed it', async () => {
    const held = await heldIn(service, 'processing');
    await held.take('extend');
    const problem = await refuse(held, 'approve', [403, 'second-person-needed'], second);
    expect(problem).toMatchObject({ proposal: 'p2', proposedBy: 'clerk-1' });
  });

  it('is not proposed twice, and no other than the proposed one is approved', async () => {
    const held = await heldIn(service, 'processing');
    await held.take('extend');
    await refuse(held, 'extend', [409, 'proposal-open']);
    const problem = await refuse(held, 'approve', [422, 'proposal-unknown'], { proposal: 'p9' });
    expect(problem).toMatchObject({ open: ['p2'] });
    expect(problem.errors?.[0]?.pointer).toBe('/proposal');
  });

  it('is not approved when the dossier has moved on too far, without a field to mend', async () => {
    const held = await heldIn(service, 'processing');
    await held.takeAll('extend', 'request-supplement');
    const sent = held.sending('approve', second, SECOND_PERSON);
    const problem = await refused(service, [409, 'step-not-allowed'], 'POST', `${held.path}/approve`, sent);
    expect(problem).toMatchObject({ step: 'extend', proposal: 'p2' });
    expect(problem.errors ?? []).toEqual([]);
  });

  it('happens once, though two approve it at the same moment', async () => {
    const held = await heldIn(service, 'processing');
    await held.take('extend');
    const answers = await Promise.all(
      ['supervisor-1', 'supervisor-2'].map((actor) =>
        call<{ type: string }>(
          service,
          'POST',
          `${held.path}/approve`,
          held.sending('approve', second, bearer(actor)),
        ),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.type).toBe('/api/problems/revision-stale');
    const { timeline } = (await call<DossierView>(service, 'GET', held.path)).body;
    expect(timeline.filter(({ type }) => type === 'DeadlineExtended')).toHaveLength(1);
  });

  it('is no alert that nobody knows, and an alert is cancelled by another person, once', async () => {
    const held = await heldIn(service, 'processing');
    const unknown = await refuse(held, 'cancel-alert', [422, 'alert-unknown'], { topic: 'collection' });
    expect(unknown).toMatchObject({ open: expect.arrayContaining([`result ${held.last.dueAt}`]) });
    expect(unknown.errors?.map(({ pointer }) => pointer)).toEqual(['/topic']);
    const alert = { topic: 'result', dueAt: held.last.dueAt };
    await held.take('cancel-alert', alert);
    await refuse(held, 'cancel-alert', [409, 'proposal-open'], alert);
    await refuse(held, 'approve', [403, 'second-person-needed'], second);
    await held.approve();
    await refuse(held, 'approve', [409, 'step-not-allowed'], second);
    expect(await refuse(held, 'cancel-alert', [409, 'alert-cancelled'], alert)).toMatchObject(alert);
  });

  it('takes no approver from whoever proposes it', async () => {
    const held = await heldIn(service, 'processing');
    for (const step of ['extend', 'correct', 'cancel-alert'] as const) {
      const problem = await refuse(held, step, [400, 'invalid-request'], { approver: 'supervisor-1' });
      expect(problem.errors?.map(({ pointer }) => pointer)).toEqual(['/approver']);
    }
  });
});

describe('a due date or time changed without a form', () => {
  it.each([
    ['extend', { apologyNumber: undefined }, ['/apologyNumber']],
    ['correct', { form: undefined, field: 'due_at' }, ['/form']],
  ] as const)('%s %j', async (step, body, pointers) => {
    const held = await heldIn(service, 'processing');
    const problem = await refuse(held, step, [422, 'form-required'], body);
    expect(problem.errors?.map((error) => error.pointer)).toEqual(pointers);
    expect(problem.detail).toContain('số phiếu');
  });
});

describe('once too often', () => {
  it('a second supplement request, a second extension', async () => {
    const held = await heldIn(service, 'processing');
    await held.takeAll('request-supplement', 'receive-supplement', 'extend');
    await held.approve();
    await refuse(held, 'request-supplement', [409, 'supplement-limit']);
    await refuse(held, 'extend', [409, 'extension-limit'], { newDueAt: '2024-07-01T09:00:00+07:00' });
  });

  it('an answer to a consultation that is not open; a link to itself, a second link', async () => {
    const held = await heldIn(service, 'processing');
    await refuse(held, 'record-reply', [422, 'consultation-unknown'], { consultation: 'c9' });
    await refuse(held, 'link', [409, 'link-not-possible'], { formerCode: held.code });
    const former = await heldIn(service, 'returned');
    await held.take('link', { formerCode: former.code });
    await refuse(held, 'link', [409, 'link-not-possible'], { formerCode: former.code });
  });
});

it('after all of it the log is whole', () => expectLogVerified(service));
