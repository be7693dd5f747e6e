import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Grant, Principal } from '#libs/access/principal.js';
import type { CommandAnswer } from '#libs/dossier/commands/answer.js';
import { ChangeDossier } from '#libs/dossier/commands/command.js';
import { approve } from '#libs/dossier/proposals/decide.js';
import { propose } from '#libs/dossier/proposals/propose.js';
import { contextBy } from '#libs/dossier/testing/context.js';
import { desk } from '#libs/dossier/testing/scenario.js';
import { CommandBench, insist, opening, problemOf } from '../support/commands.js';

let bench: CommandBench;
beforeAll(async () => (bench = await CommandBench.open()));
afterAll(() => bench.close());
beforeEach(() => bench.nextDay());

const HERE = ['H54.12'];
const own = (role: Grant['role'], units: Grant['units'] = HERE): Grant => ({ role, units });
const lent = (lentBy: string): Grant => ({ ...own('supervisor'), lentBy });
const person = (id: string, ...grants: Grant[]): Principal => ({ id, by: 'token', grants });
const CLERK = person('clerk-1', own('clerk'));
const SUPERVISOR = person('supervisor-1', own('supervisor'));

const INPUT = { newDueAt: desk('2024-06-03 09:00'), apologyNumber: 'PXL-2024/017' };

function extending(code: string, principal: Principal): ChangeDossier {
  const context = { ...contextBy(principal.id, 'propose-extension'), principal };
  const decide = propose({ step: 'extend', input: INPUT }, { reason: 'Lý do' });
  return new ChangeDossier(code, context, { step: 'extend', input: INPUT }, decide);
}

function approving(code: string, principal: Principal, key: string = randomUUID()): ChangeDossier {
  const context = { ...contextBy(principal.id, 'decide-proposal', key), principal };
  const input = { proposal: 'p1' };
  return new ChangeDossier(code, context, { step: 'approve', input }, approve(input));
}

/** A dossier with an extension that waits. */
async function proposedBy(principal: Principal): Promise<string> {
  const { code } = await bench.here.runner.open(opening());
  await bench.here.runner.change(extending(code, principal));
  return code;
}

const approvedBy = (code: string, principal: Principal): Promise<CommandAnswer> =>
  bench.here.runner.change(approving(code, principal));

describe('an extension', () => {
  it('is approved by a supervisor, once, whoever repeats it', async () => {
    const code = await proposedBy(CLERK);
    const key = randomUUID();
    const answer = await bench.here.runner.change(approving(code, SUPERVISOR, key));
    expect(answer).toMatchObject({ dueAt: INPUT.newDueAt, revision: 3 });
    expect(await insist(() => bench.there.runner.change(approving(code, SUPERVISOR, key)))).toEqual(answer);
    expect((await bench.dossiers()).get(code)?.map(({ type }) => type)).toEqual([
      ...['DossierAccepted', 'ChangeProposed', 'ProposalApproved', 'DeadlineExtended'],
    ]);
  });

  it('is not approved by who has the role elsewhere only, nor by who has another role here', async () => {
    const code = await proposedBy(CLERK);
    const elsewhere = person('supervisor-2', own('supervisor', ['H54.13']));
    expect(await problemOf(approvedBy(code, elsewhere))).toMatchObject({ type: 'dossier-unknown' });
    const official = person('official-1', own('official'));
    expect(await problemOf(approvedBy(code, official))).toMatchObject({ type: 'forbidden' });
  });

  it('is not approved by the supervisor who proposed it', async () => {
    const code = await proposedBy(SUPERVISOR);
    expect(await problemOf(approvedBy(code, SUPERVISOR))).toMatchObject({ type: 'second-person-needed' });
  });

  it('that a supervisor proposed is not approved by a right that he lent', async () => {
    const code = await proposedBy(SUPERVISOR);
    const deputy = person('deputy-1', lent('supervisor-1'));
    expect(await problemOf(approvedBy(code, deputy))).toMatchObject({ type: 'second-person-needed' });
  });

  it('that was proposed by a lent right is not approved by who lent it', async () => {
    const code = await proposedBy(person('deputy-1', lent('supervisor-1')));
    expect(await problemOf(approvedBy(code, SUPERVISOR))).toMatchObject({ type: 'second-person-needed' });
  });

  it('is approved by a deputy where a third person lent the right, and the log says whose it was', async () => {
    const code = await proposedBy(CLERK);
    await approvedBy(code, person('deputy-1', lent('supervisor-1')));
    const events = (await bench.dossiers()).get(code);
    expect(events?.at(-1)).toMatchObject({
      type: 'DeadlineExtended',
      data: { approver: 'deputy-1', proposal: 'p1' },
      metadata: { actor: 'deputy-1', onBehalfOf: 'supervisor-1' },
    });
  });

  it('is approved by a right of one’s own, though the proposer has lent one, too', async () => {
    const code = await proposedBy(SUPERVISOR);
    const both = person('supervisor-3', lent('supervisor-1'), own('supervisor'));
    expect(await approvedBy(code, both)).toMatchObject({ dueAt: INPUT.newDueAt });
  });
});
