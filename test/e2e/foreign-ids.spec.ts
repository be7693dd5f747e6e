import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { POLICY, type Reach } from '#libs/access/policy.js';
import type { Role } from '#libs/access/principal.js';
import { Sessions } from '#libs/access/sessions/sessions.adapter.js';
import { AccessDesk } from '../support/access-desk.js';
import { OPENING } from '../support/desk.js';
import type { Operation } from '../support/operations.js';
import { bearer } from '../support/tokens.js';

const LIMIT = 300_000;

let desk: AccessDesk;
beforeAll(async () => {
  desk = await AccessDesk.open();
}, 60_000);
afterAll(() => desk.service.close());

/**
 * Whose things the ids in addresses are: of a unit, of the account that asks, of the administration, of whoever knows
 * the secret that the id is, or published for all who are signed in.
 */
const OWNERS: Readonly<Record<string, 'unit' | 'self' | 'administration' | 'secret' | 'published'>> = {
  '/api/dossiers/{code}': 'unit',
  '/api/persons/{subject}': 'unit',
  '/api/undelivered/{key}': 'unit',
  '/api/accounts/{account}': 'administration',
  '/admin/queues/queue/{queueName}': 'administration',
  '/admin/queues/api/queues/{queueName}': 'administration',
  '/api/delegations/{delegation}': 'self',
  '/api/sessions/{session}': 'self',
  '/api/tokens/{token}': 'self',
  '/api/calendar/{token}.ics': 'secret',
  '/api/calendars/{id}': 'published',
  '/api/policies/{id}': 'published',
  '/api/reminder-policies/{id}': 'published',
  '/api/units/{code}': 'published',
  '/api/procedures/{code}': 'published',
  '/api/problems/{type}': 'published',
};
const ownerOf = ({ path }: Operation): string | undefined =>
  OWNERS[Object.keys(OWNERS).find((prefix) => `${path}/`.startsWith(`${prefix}/`)) ?? ''];

describe('an id of somebody else in an address', () => {
  it('is known for what it is, wherever there is one', () => {
    const unknown = desk.operations.filter((each) => each.path.includes('{') && ownerOf(each) === undefined);
    expect(unknown.map(({ name }) => name)).toEqual([]);
  });

  it(
    'opens nothing, whatever roles one has in other units',
    async () => {
      const opened: string[] = [];
      for (const operation of desk.operations.filter((each) => ownerOf(each) === 'unit')) {
        const reaches: Partial<Record<Role, Reach>> = POLICY[operation.action as keyof typeof POLICY];
        if (Object.values(reaches).includes('all')) continue;
        const answer = await desk.send(operation, bearer('foreigner'));
        if (![403, 404].includes(answer.status) || answer.text.includes(OPENING.applicant.name)) {
          opened.push(`${operation.name}: ${answer.status}`);
        }
      }
      expect(opened).toEqual([]);
    },
    LIMIT,
  );

  it('of the own things of another account is answered as one that there is not, and nothing happens', async () => {
    const { accounts } = desk.service;
    await desk.signedIn('own-clerk');
    const owned = async () => ({
      token: accounts.all.get('own-clerk')?.tokens[0]?.id ?? '',
      delegation: accounts.all.get('own-clerk')?.delegations[0]?.id ?? '',
      session: (await desk.service.app.get(Sessions).listOf('own-clerk'))[0]?.id ?? '',
    });
    const ids = await owned();
    const told: Record<string, string> = {};
    for (const operation of desk.operations.filter((each) => ownerOf(each) === 'self')) {
      const { status, type } = await desk.send(operation, bearer('foreigner'), ids);
      told[operation.name] = `${status} ${type}`;
    }
    expect(told).toEqual({
      'DELETE /api/delegations/{delegation}': '404 delegation-unknown',
      'DELETE /api/sessions/{session}': '404 session-unknown',
      'DELETE /api/tokens/{token}': '404 token-unknown',
    });
    expect(await owned()).toEqual(ids);
  });

  it(
    'of a dossier is answered to the word as one that was never given, unless a reason would open it',
    async () => {
      const never = `${desk.code.slice(0, -4)}9999`;
      const told: string[] = [];
      for (const operation of desk.operations.filter(({ path }) => path.startsWith('/api/dossiers/{code}'))) {
        const headers = { ...bearer('foreigner'), 'x-correlation-id': 'same' };
        const [foreign, unknown] = [
          await desk.send(operation, headers),
          await desk.send(operation, headers, { code: never }),
        ];
        if (foreign.text !== unknown.text.replaceAll(never, desk.code))
          told.push(`${operation.name}: ${foreign.type}`);
      }
      expect(told).toEqual(['GET /api/dossiers/{code}: reason-missing']);
    },
    LIMIT,
  );
});
