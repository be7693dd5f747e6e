import { randomUUID } from 'node:crypto';
import { ROLES } from '#libs/access/principal.js';
import { PUBLIC } from '#libs/access/http/action.decorator.js';
import { CSRF_HEADER, csrfTokenOf } from '#libs/access/sessions/csrf.js';
import { Sessions } from '#libs/access/sessions/sessions.adapter.js';
import { open, OPENING } from './desk.js';
import { call, contractOf } from './http.js';
import { type Operation, operationsOf, requestOf } from './operations.js';
import { failToSend } from './raise.js';
import { startService, type TestService } from './service.js';
import { issueToken } from './tokens.js';

export const AT = '2024-03-11T02:00:00.000Z';
/** When what was lent ends. */
export const LATER = '2024-03-11T02:10:00.000Z';
export const OWN = OPENING.unit;
export const FOREIGN = 'H54.13';
export const REASON = { 'x-reason': encodeURIComponent('Đối chiếu hồ sơ') };

export type Headers = Record<string, string>;

/** What came of a request: `allowed` also where something else than a right was missing. */
export type Outcome = 'allowed' | 'not signed in' | 'refused' | `unexpected ${string}`;

export interface Answered {
  readonly status: number;
  /** Of the problem. */
  readonly type: string;
  readonly text: string;
}

/** Members of bodies whose examples are of another time, or name whom there is not. */
const MEMBERS: Readonly<Record<string, object>> = {
  'POST /api/delegations': { until: LATER, to: 'somebody' },
};

/**
 * A service with one dossier of `OWN` and a message about it that could not leave, and accounts `own-ROLE`,
 * `foreign-ROLE`, `delegate-ROLE` (to whom `own-ROLE` lends) and `foreigner`, who has every role in `FOREIGN`; and the
 * token of `expired`, which ends a second later.
 */
export class AccessDesk {
  private constructor(
    readonly service: TestService,
    readonly operations: readonly Operation[],
    readonly code: string,
    readonly subject: string,
    /** Of a message about the dossier that could not leave. */
    readonly key: string,
  ) {}

  static async open(): Promise<AccessDesk> {
    const service = await startService(AT);
    const operations = operationsOf((await contractOf(service)).document);
    const { code } = (await open(service)).body;
    const page = await call<{ subjects: { applicant: string } }>(service, 'GET', `/api/dossiers/${code}`);
    const key = await failToSend(service.platform.log, code, 'result/due/official', 'somebody');
    await service.settled();
    await openAccounts(service);
    return new AccessDesk(service, operations, code, page.body.subjects.applicant, key);
  }

  /** Headers of a browser in which this account has just signed in. */
  signedIn(account: string): Promise<Headers> {
    return openSession(this.service, account);
  }

  /** Sends what the document calls a valid request; it states a revision that no dossier has, so no step is taken. */
  async send(operation: Operation, headers: Headers, given = {}): Promise<Answered> {
    const { code, subject, key } = this;
    const request = requestOf(operation, { code, subject, key, unit: OWN, period: '2024', ...given });
    const body = request.body && { ...request.body, ...MEMBERS[operation.name] };
    const answer = await fetch(this.service.url + request.path, {
      method: request.method,
      headers: {
        ...request.headers,
        ...('if-match' in request.headers ? { 'if-match': '"999"' } : {}),
        ...('idempotency-key' in request.headers ? { 'idempotency-key': randomUUID() } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const endless = answer.headers.get('content-type')?.startsWith('text/event-stream');
    const text = endless ? '' : await answer.text();
    if (endless) await answer.body?.cancel();
    const type = /"type":"\/api\/problems\/([\w-]+)"/.exec(text)?.[1] ?? '';
    return { status: answer.status, type, text };
  }

  /** What comes of every operation, by its name. */
  async outcomes(headers: Headers | (() => Promise<Headers>)): Promise<Record<string, Outcome>> {
    const found: Record<string, Outcome> = {};
    for (const operation of this.operations) {
      const own = typeof headers === 'function' ? await headers() : headers;
      found[operation.name] = outcomeOf(operation, await this.send(operation, own));
    }
    return found;
  }
}

/** Headers of a browser in which this account has just signed in by its password. */
export async function openSession({ app }: TestService, account: string): Promise<Headers> {
  const from = { how: 'password', address: '127.0.0.1', userAgent: 'test', grants: null } as const;
  const { secret } = await app.get(Sessions).begin({ account, ...from });
  return { cookie: `motcua=${secret}`, [CSRF_HEADER]: csrfTokenOf(secret) };
}

async function openAccounts({ accounts, clock }: TestService): Promise<void> {
  const by = (key: string) => ({ actor: 'tester', correlationId: 'setup', key });
  const person = { do: 'open', kind: 'person', grants: [] } as const;
  await accounts.carryOut({ account: 'somebody', ...person }, by('somebody'));
  for (const role of ROLES) {
    await issueToken(accounts, `own-${role}`, { grants: [{ role, units: [OWN] }] }, clock);
    await issueToken(accounts, `foreign-${role}`, { grants: [{ role, units: [FOREIGN] }] }, clock);
    const to = `delegate-${role}`;
    await accounts.carryOut({ account: to, ...person }, by(to));
    const lent = { do: 'delegate', to, role, units: [OWN], until: LATER } as const;
    await accounts.carryOut({ account: `own-${role}`, ...lent }, by(`lent to ${to}`));
  }
  const everything = ROLES.map((role) => ({ role, units: [FOREIGN] }));
  await issueToken(accounts, 'foreigner', { grants: everything }, clock);
  await issueToken(accounts, 'expired', { expiresAt: '2024-03-11T02:00:01.000Z' }, clock);
}

/** What says that a right is missing; also where a thing that is there is said not to be. */
const REFUSALS = ['forbidden', 'reason-missing', 'dossier-unknown', 'person-unknown', 'message-unknown'];

function outcomeOf({ action }: Operation, { status, type, text }: Answered): Outcome {
  if (REFUSALS.includes(type)) return 'refused';
  // What is for everyone may still tell that nobody is signed in.
  if (type === 'not-signed-in' && action !== PUBLIC) return 'not signed in';
  // Also where a password was wrong, once too often, or something needs a session instead of a token.
  if (status < 300 || [401, 403, 404, 409, 422, 429].includes(status)) return 'allowed';
  return `unexpected ${status} ${text}`;
}
