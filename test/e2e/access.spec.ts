import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { projectRoot } from '#apps/platform/project-root.js';
import { type Authenticator, AUTHENTICATOR } from '#libs/access/authenticator.js';
import { PUBLIC } from '#libs/access/http/action.decorator.js';
import { POLICY, type Reach } from '#libs/access/policy.js';
import { type Role, ROLES } from '#libs/access/principal.js';
import { withAccessTable } from '../support/access-table.js';
import { open, OPENING } from '../support/desk.js';
import { call, contractOf } from '../support/http.js';
import { type Operation, operationsOf, requestOf } from '../support/operations.js';
import { startService, type TestService } from '../support/service.js';
import { bearer, issueToken } from '../support/tokens.js';

const AT = '2024-03-11T02:00:00.000Z';
const LATER = '2024-03-12T02:00:00.000Z';
const OWN = OPENING.unit;
const FOREIGN = 'H54.13';
const REASON = { 'x-reason': encodeURIComponent('Đối chiếu hồ sơ') };
const DELEGATE = 'x-test-delegate';
const LIMIT = 300_000;

let service: TestService;
let operations: Operation[];
let code: string;
let subject: string;
beforeAll(async () => {
  service = await startService(AT);
  operations = operationsOf((await contractOf(service)).document);
  const opened = await open(service);
  code = opened.body.code;
  const page = await call<{ subjects: { applicant: string } }>(service, 'GET', `/api/dossiers/${code}`);
  subject = page.body.subjects.applicant;
  await service.settled();
  const { accounts, clock } = service;
  for (const role of ROLES) {
    await issueToken(accounts, `own-${role}`, { grants: [{ role, units: [OWN] }] }, clock);
    await issueToken(accounts, `foreign-${role}`, { grants: [{ role, units: [FOREIGN] }] }, clock);
    const by = (key: string) => ({ actor: 'tester', correlationId: 'setup', key: `${key} ${role}` });
    const to = `delegate-${role}`;
    await accounts.carryOut({ account: to, do: 'open', kind: 'person', grants: [] }, by('open'));
    const lent = { do: 'delegate', to, role, units: [OWN], until: LATER } as const;
    await accounts.carryOut({ account: `own-${role}`, ...lent }, by('delegate'));
  }
  const everything = ROLES.map((role) => ({ role, units: [FOREIGN] }));
  await issueToken(accounts, 'foreigner', { grants: everything }, clock);
  await issueToken(accounts, 'expired', { expiresAt: '2024-03-11T02:00:01.000Z' }, clock);
  signInDelegates();
}, 60_000);
afterAll(() => service.close());

/** Lent rights come with a session; these tests have one for each delegate, named in a header. */
function signInDelegates(): void {
  const authenticator = service.app.get<Authenticator>(AUTHENTICATOR);
  const byProof = authenticator.authenticate.bind(authenticator);
  jest.spyOn(authenticator, 'authenticate').mockImplementation(async (request) => {
    const id = request.headers[DELEGATE];
    return typeof id === 'string' ? service.accounts.principalOf(id, 'session') : byProof(request);
  });
}

/** What came of a request: `allowed` also where something else than a right was missing. */
type Outcome = 'allowed' | 'not signed in' | 'refused' | `unexpected ${string}`;

/** Sends what the document calls a valid request. It states a revision that no dossier has, so that no step is taken. */
async function send(operation: Operation, headers: Record<string, string>, given = {}) {
  const request = requestOf(operation, { code, subject, unit: OWN, period: '2024', ...given });
  const answer = await fetch(service.url + request.path, {
    method: request.method,
    headers: {
      ...request.headers,
      ...('if-match' in request.headers ? { 'if-match': '"999"' } : {}),
      ...('idempotency-key' in request.headers ? { 'idempotency-key': randomUUID() } : {}),
      ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
  });
  const endless = answer.headers.get('content-type')?.startsWith('text/event-stream');
  const text = endless ? '' : await answer.text();
  if (endless) await answer.body?.cancel();
  const type = /"type":"\/api\/problems\/([\w-]+)"/.exec(text)?.[1] ?? '';
  return { status: answer.status, type, text };
}

/** Where a thing that is there is said not to be, that is a refusal. */
const HIDDEN = ['dossier-unknown', 'person-unknown'];

function outcomeOf({ status, type, text }: Awaited<ReturnType<typeof send>>): Outcome {
  if (status === 401) return 'not signed in';
  if (status === 403 || (status === 404 && HIDDEN.includes(type))) return 'refused';
  if (status < 300 || [404, 409, 422].includes(status)) return 'allowed';
  return `unexpected ${status} ${text}`;
}

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
const PLACELESS = ['GET /api/persons/due-for-erasure', 'GET /api/persons/erasure-proposals'];

type Found = Record<string, Outcome>;
async function outcomes(headers: Record<string, string>): Promise<Found> {
  const found: Found = {};
  for (const operation of operations) found[operation.name] = outcomeOf(await send(operation, headers));
  return found;
}
const wanted = (of: (operation: Operation) => Outcome): Found =>
  Object.fromEntries(operations.map((operation) => [operation.name, of(operation)]));

describe('every operation', () => {
  it('is an action of the policy, or for everyone', () => {
    const undecided = operations.filter(
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
      service.clock.set('2024-03-11T02:00:02.000Z');
      const found = await outcomes(proof as Record<string, string>);
      expect(found).toEqual(wanted(({ action }) => (action === PUBLIC ? 'allowed' : 'not signed in')));
    },
    LIMIT,
  );

  describe.each(ROLES)('by the role %s', (role) => {
    it(
      'is allowed in a unit of its own as the policy says',
      async () => {
        expect(await outcomes(bearer(`own-${role}`))).toEqual(
          wanted((operation) => expected(operation, role, 'own', false)),
        );
      },
      LIMIT,
    );

    it.each([false, true])(
      'is allowed elsewhere as the policy says, with a reason: %s',
      async (reason) => {
        const headers = { ...bearer(`foreign-${role}`), ...(reason ? REASON : {}) };
        expect(await outcomes(headers)).toEqual(
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
        const headers = { [DELEGATE]: `delegate-${role}` };
        service.clock.set(AT);
        expect(await outcomes(headers)).toEqual(
          wanted((operation) => expected(operation, role, 'own', false)),
        );
        service.clock.set(LATER);
        const found = await outcomes(headers);
        service.clock.set(AT);
        expect(found).toEqual(wanted(({ action }) => (action === PUBLIC ? 'allowed' : 'refused')));
      },
      LIMIT,
    );
  });
});

describe('what is done by a lent right', () => {
  it('names both in the timeline', async () => {
    const headers = { [DELEGATE]: 'delegate-clerk', 'idempotency-key': randomUUID() };
    const opened = await call(service, 'POST', '/api/dossiers', { body: OPENING, headers });
    expect(opened.status).toBe(201);
    const page = await call<{ timeline: object[] }>(service, 'GET', `/api/dossiers/${opened.body.code}`);
    expect(page.body.timeline).toMatchObject([{ actor: 'delegate-clerk', onBehalfOf: 'own-clerk' }]);
  });
});

describe('an administrator', () => {
  it(
    'is told no person’s data by any operation, whatever he states as a reason',
    async () => {
      const { name, idNumber } = OPENING.applicant;
      const telling: string[] = [];
      for (const operation of operations) {
        const { text } = await send(operation, { ...bearer('own-administrator'), ...REASON });
        if (text.includes(name) || text.includes(idNumber)) telling.push(operation.name);
      }
      expect(telling).toEqual([]);
    },
    LIMIT,
  );
});

/** Whose things the ids in addresses are: of a unit, of an account, or published for all who are signed in. */
const OWNERS: Readonly<Record<string, 'unit' | 'published'>> = {
  '/api/dossiers/{code}': 'unit',
  '/api/persons/{subject}': 'unit',
  '/api/calendars/{id}': 'published',
  '/api/policies/{id}': 'published',
  '/api/units/{code}': 'published',
  '/api/procedures/{code}': 'published',
  '/api/problems/{type}': 'published',
};
const ownerOf = ({ path }: Operation): string | undefined =>
  OWNERS[Object.keys(OWNERS).find((prefix) => `${path}/`.startsWith(`${prefix}/`)) ?? ''];

describe('an id of somebody else in an address', () => {
  it('is known for what it is, wherever there is one', () => {
    const unknown = operations.filter((each) => each.path.includes('{') && ownerOf(each) === undefined);
    expect(unknown.map(({ name }) => name)).toEqual([]);
  });

  it(
    'opens nothing, whatever roles one has in other units',
    async () => {
      const opened: string[] = [];
      for (const operation of operations.filter((each) => ownerOf(each) === 'unit')) {
        const reaches: Partial<Record<Role, Reach>> = POLICY[operation.action as keyof typeof POLICY];
        if (Object.values(reaches).includes('all')) continue;
        const answer = await send(operation, bearer('foreigner'));
        if (![403, 404].includes(answer.status) || answer.text.includes(OPENING.applicant.name)) {
          opened.push(`${operation.name}: ${answer.status}`);
        }
      }
      expect(opened).toEqual([]);
    },
    LIMIT,
  );

  it(
    'of a dossier is answered to the word as one that was never given, unless a reason would open it',
    async () => {
      const never = `${code.slice(0, -4)}9999`;
      const told: string[] = [];
      for (const operation of operations.filter(({ path }) => path.startsWith('/api/dossiers/{code}'))) {
        const headers = { ...bearer('foreigner'), 'x-correlation-id': 'same' };
        const [foreign, unknown] = [
          await send(operation, headers),
          await send(operation, headers, { code: never }),
        ];
        if (foreign.text !== unknown.text.replaceAll(never, code))
          told.push(`${operation.name}: ${foreign.type}`);
      }
      expect(told).toEqual(['GET /api/dossiers/{code}: reason-missing']);
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
    const { status, body } = await call<Listed>(service, 'GET', `/api/dossiers${query}`, sent);
    return status === 200 ? body.items.some((item) => item.code === code) : [status, body.type];
  };

  it('shows what is of units of one’s own, and to an auditor with a reason all', async () => {
    await service.settled();
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
    await issueToken(service.accounts, 'official-qldt', { grants }, service.clock);
    expect(await listed('official-qldt')).toBe(false);
    const headers = { ...bearer('own-clerk'), 'if-match': '"0"' };
    const path = `/api/dossiers/${code}/hand-over`;
    const handed = await call(service, 'POST', path, { body: { toUnit: 'QLDT' }, headers });
    expect([handed.status, handed.text]).toEqual([200, handed.text]);
    await service.settled();
    expect([await listed('official-qldt'), await listed('own-clerk')]).toEqual([true, true]);
  });
});

describe('docs/access.md', () => {
  it('is as made from the policy and the OpenAPI document (npm run docs:access)', () => {
    const file = join(projectRoot, 'docs/access.md');
    const page = readFileSync(file, 'utf8');
    const made = withAccessTable(page, operations);
    if (process.env['UPDATE_DOCS']) writeFileSync(file, made);
    expect(process.env['UPDATE_DOCS'] ? made : page).toBe(made);
  });
});
