import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Held, heldIn } from '../support/desk.js';
import { call, refused } from '../support/http.js';
import { startService, type TestService } from '../support/service.js';

let service: TestService;
let held: Held;
beforeAll(async () => (service = await startService()), 60_000);
afterAll(() => service.close());
beforeEach(async () => {
  held = await heldIn(service, 'accepted');
});

const annotate = (ifMatch: string | undefined) => held.sending('annotate', {}, { 'if-match': ifMatch });

describe('the revision that was seen', () => {
  it('must be stated', async () => {
    const path = `${held.path}/annotate`;
    const { errors } = await refused(service, [428, 'if-match-missing'], 'POST', path, annotate(undefined));
    expect(errors).toEqual([{ pointer: 'header:If-Match', detail: 'bắt buộc phải có' }]);
  });

  it.each(['*', 'W/"0"', 'abc', '0', '""', '"-1"', '"0", "1"', '"0x1"', '"1e3"', `"${'9'.repeat(16)}"`])(
    'is one number in quotation marks, not %s',
    async (ifMatch) => {
      const path = `${held.path}/annotate`;
      const { errors } = await refused(service, [400, 'if-match-malformed'], 'POST', path, annotate(ifMatch));
      expect(errors?.[0]?.pointer).toBe('header:If-Match');
    },
  );

  it.each(['"1"', `"${'9'.repeat(15)}"`])('cannot be ahead of the dossier: %s', async (ifMatch) => {
    const problem = await refused(
      service,
      [409, 'revision-unknown'],
      'POST',
      `${held.path}/annotate`,
      annotate(ifMatch),
    );
    expect(problem).toMatchObject({ code: held.code, revision: 0, stated: Number(JSON.parse(ifMatch)) });
  });

  it('of another time is told what has happened since', async () => {
    const stale = held.sending('resolve');
    await held.takeAll('hand-over', 'annotate');
    const problem = await refused(service, [409, 'revision-stale'], 'POST', `${held.path}/resolve`, stale);
    expect(problem).toMatchObject({
      ...{ code: held.code, stated: 0, revision: 2 },
      since: [
        { revision: 1, type: 'DossierHandedOver', actor: 'clerk-1', occurredAt: '2024-03-11T02:00:00.000Z' },
        { revision: 2, type: 'DossierAnnotated' },
      ],
    });
    expect(JSON.stringify(problem)).not.toContain('Đã gọi điện');
  });

  it('lets one of two steps that saw the same through', async () => {
    const path = `${held.path}/annotate`;
    const answers = await Promise.all(
      [1, 2, 3, 4].map((n) => call(service, 'POST', path, held.sending('annotate', { note: `${n}` }))),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
  });

  it('of a dossier that does not exist is no revision: 404', async () => {
    const nowhere = '/api/dossiers/H54.12-240311-9999/annotate';
    await refused(service, [404, 'dossier-unknown'], 'POST', nowhere, annotate('"0"'));
  });
});
