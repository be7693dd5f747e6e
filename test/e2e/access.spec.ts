import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { projectRoot } from '#apps/platform/project-root.js';
import { PUBLIC } from '#libs/access/http/action.decorator.js';
import { POLICY, type Reach } from '#libs/access/policy.js';
import { type Role, ROLES } from '#libs/access/principal.js';
import { AccessDesk, AT, type Headers, LATER, type Outcome, OWN, REASON } from '../support/access-desk.js';
import { withAccessTable } from '../support/access-table.js';
import { OPENING } from '../support/desk.js';
import { call } from '../support/http.js';
import type { Operation } from '../support/operations.js';
import { bearer, issueToken } from '../support/tokens.js';

const LIMIT = 300_000;

let desk: AccessDesk;
beforeAll(async () => {
  desk = await AccessDesk.open();
}, 60_000);
afterAll(() => desk.service.close());

/** What POLICY says, read as a person would. */
function expected({ action }: Operation, role: Role, place: 'own' | 'foreign', reason: boolean): Outcome {
  if (action === PUBLIC) return 'allowed';
  const reaches: Partial<Record<Role, Reach>> = POLICY[action as keyof typeof POLICY];
  switch (reaches[role]) {
    case undefined:
      return 'refused';
    case 'all':
      return 'allowed';
    case 'own':
      return place === 'own' ? 'allowed' : 'refused';
    case 'asked':
      return place === 'own' || reason ? 'allowed' : 'refused';
  }
}

/** Lists of which everyone gets his part, which may be empty: they name no place that could be foreign. */
const PLACELESS = [
  'GET /api/persons/due-for-erasure',
  'GET /api/persons/erasure-proposals',
  'GET /api/undelivered',
  'GET /api/outlook/dossiers',
  'GET /api/outlook/forecast-quality',
];

const wanted = (of: (operation: Operation) => Outcome): Record<string, Outcome> =>
  Object.fromEntries(desk.operations.map((operation) => [operation.name, of(operation)]));

describe('every operation', () => {
  it('is an action of the policy, or for everyone', () => {
    const undecided = desk.operations.filter(
      ({ action }) => action === undefined || (action !== PUBLIC && !(action in POLICY)),
    );
    expect(undecided.map(({ name }) => name)).toEqual([]);
  });

  it.each(['signed out', 'with a token that is none', 'with a token that has expired'])(
    'is for nobody %s, but what is for everyone',
    async (how) => {
      const proof = {
        'signed out': {},
        'with a token that is none': bearer('nobody'),
        'with a token that has expired': bearer('expired'),
      }[how];
      desk.service.clock.set('2024-03-11T02:00:02.000Z');
      const found = await desk.outcomes(proof as Headers);
      expect(found).toEqual(wanted(({ action }) => (action === PUBLIC ? 'allowed' : 'not signed in')));
    },
    LIMIT,
  );

  describe.each(ROLES)('by the role %s', (role) => {
    it(
      'is allowed in a unit of its own as the policy says',
      async () => {
        expect(await desk.outcomes(bearer(`own-${role}`))).toEqual(
          wanted((operation) => expected(operation, role, 'own', false)),
        );
      },
      LIMIT,
    );

    it.each([false, true])(
      'is allowed elsewhere as the policy says, with a reason: %s',
      async (reason) => {
        const headers = { ...bearer(`foreign-${role}`), ...(reason ? REASON : {}) };
        expect(await desk.outcomes(headers)).toEqual(
          wanted((operation) =>
            expected(operation, role, PLACELESS.includes(operation.name) ? 'own' : 'foreign', reason),
          ),
        );
      },
      LIMIT,
    );

    it(
      'is allowed to whom it was lent, until the end of that',
      async () => {
        // Each time anew, since one of the operations ends the session.
        const headers = () => desk.signedIn(`delegate-${role}`);
        desk.service.clock.set(AT);
        expect(await desk.outcomes(headers)).toEqual(
          wanted((operation) => expected(operation, role, 'own', false)),
        );
        desk.service.clock.set(LATER);
        const found = await desk.outcomes(headers);
        desk.service.clock.set(AT);
        expect(found).toEqual(wanted(({ action }) => (action === PUBLIC ? 'allowed' : 'refused')));
      },
      LIMIT,
    );
  });
});

describe('what is done by a lent right', () => {
  it('names both in the timeline', async () => {
    const headers = {
      ...{ authorization: undefined, 'idempotency-key': randomUUID() },
      ...(await desk.signedIn('delegate-clerk')),
    };
    const opened = await call(desk.service, 'POST', '/api/dossiers', { body: OPENING, headers });
    expect(opened.status).toBe(201);
    const page = await call<{ timeline: object[] }>(desk.service, 'GET', `/api/dossiers/${opened.body.code}`);
    expect(page.body.timeline).toMatchObject([{ actor: 'delegate-clerk', onBehalfOf: 'own-clerk' }]);
  });
});

describe('an administrator', () => {
  it(
    'is told no person’s data by any operation, whatever he states as a reason',
    async () => {
      const { name, idNumber } = OPENING.applicant;
      const telling: string[] = [];
      for (const operation of desk.operations) {
        const { text } = await desk.send(operation, { ...bearer('own-administrator'), ...REASON });
        if (text.includes(name) || text.includes(idNumber)) telling.push(operation.name);
      }
      expect(telling).toEqual([]);
    },
    LIMIT,
  );
});

describe('a list', () => {
  interface Listed {
    readonly items: readonly { code: string }[];
    readonly type: string;
  }
  const listed = async (id: string, query = '', headers = {}) => {
    const sent = { headers: { ...bearer(id), ...headers } };
    const { status, body } = await call<Listed>(desk.service, 'GET', `/api/dossiers${query}`, sent);
    return status === 200 ? body.items.some((item) => item.code === desk.code) : [status, body.type];
  };

  it('shows what is of units of one’s own, and to an auditor with a reason all', async () => {
    await desk.service.settled();
    expect(await listed('own-clerk')).toBe(true);
    expect(await listed('foreign-clerk')).toBe(false);
    expect(await listed('foreign-clerk', '', REASON)).toBe(false);
    expect(await listed('foreign-auditor')).toBe(false);
    expect(await listed('foreign-auditor', '', REASON)).toBe(true);
    expect(await listed('own-administrator')).toEqual([403, '/api/problems/forbidden']);
  });

  it('takes no filter for a unit of others, be there one or not', async () => {
    for (const unit of [OWN, 'H99.99']) {
      expect(await listed('foreign-clerk', `?unit=${unit}`)).toEqual([403, '/api/problems/forbidden']);
      expect(await listed('foreign-auditor', `?unit=${unit}`)).toEqual([403, '/api/problems/reason-missing']);
    }
    expect(await listed('own-clerk', `?unit=${OWN}`)).toBe(true);
  });

  it('shows a dossier to the unit that has it, and still to the desk that took it in', async () => {
    const grants = [{ role: 'official', units: ['QLDT'] }] as const;
    await issueToken(desk.service.accounts, 'official-qldt', { grants }, desk.service.clock);
    expect(await listed('official-qldt')).toBe(false);
    const headers = { ...bearer('own-clerk'), 'if-match': '"0"' };
    const path = `/api/dossiers/${desk.code}/hand-over`;
    const handed = await call(desk.service, 'POST', path, { body: { toUnit: 'QLDT' }, headers });
    expect([handed.status, handed.text]).toEqual([200, handed.text]);
    await desk.service.settled();
    expect([await listed('official-qldt'), await listed('own-clerk')]).toEqual([true, true]);
  });
});

describe('docs/access.md', () => {
  it('is as made from the policy and the OpenAPI document (npm run docs:access)', () => {
    const file = join(projectRoot, 'docs/access.md');
    const page = readFileSync(file, 'utf8');
    const made = withAccessTable(page, desk.operations);
    if (process.env['UPDATE_DOCS']) writeFileSync(file, made);
    expect(process.env['UPDATE_DOCS'] ? made : page).toBe(made);
  });
});
