import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '#libs/event-log/json.js';
import { openPersonal, partsOf } from './opening.js';
import { type ClearPart, DAMAGED, ERASED, type Opened, type SealedPart } from './sealed.js';
import { clearParts, sealAll } from './sealing.js';
import { personOf } from './subject.js';

/** A vault that hides nothing, to see what goes in and out. */
const glass = (erased: readonly string[] = [], damaged: readonly string[] = []) => {
  const calls: string[] = [];
  return {
    calls,
    seal: (parts: readonly ClearPart[]) => {
      calls.push(`seal ${parts.length}`);
      return Promise.resolve(
        parts.map(({ person, part, fields }) => ({
          ...{ subject: person.otherwise, part, box: JSON.stringify(fields) },
        })),
      );
    },
    open: (parts: readonly SealedPart[]) => {
      calls.push(`open ${parts.length}`);
      return Promise.resolve(
        parts.map(({ subject, box }): Opened =>
          erased.includes(subject)
            ? ERASED
            : damaged.includes(subject)
              ? DAMAGED
              : (JSON.parse(box) as JsonObject),
        ),
      );
    },
  };
};

const WHO = { applicant: { otherwise: 'a' }, submitter: { otherwise: 's' } };
const FIELDS = { applicant: { name: 'Ánh' }, submitter: { name: 'Bích' }, note: 'n', papers: [] };

describe('personal fields', () => {
  it('are parts of their own for each party, and the rest is the applicant’s', () => {
    expect(clearParts(FIELDS, WHO)).toEqual([
      { person: WHO.applicant, part: 'applicant', fields: { name: 'Ánh' } },
      { person: WHO.submitter, part: 'submitter', fields: { name: 'Bích' } },
      { person: WHO.applicant, part: 'rest', fields: { note: 'n', papers: [] } },
    ]);
    expect(clearParts({}, WHO)).toEqual([]);
  });

  it('of many events are sealed in one call, and opened in one', async () => {
    const vault = glass();
    const [first, second, third] = await sealAll(vault, [
      { event: { n: 1 }, parts: clearParts(FIELDS, WHO) },
      { event: { n: 2 }, parts: [] },
      { event: { n: 3 }, parts: clearParts({ note: 'x' }, WHO) },
    ]);
    expect(second).toEqual({ n: 2 });
    expect(await openPersonal(vault, [first!, second!, third!])).toEqual([
      { fields: FIELDS, erased: false },
      undefined,
      { fields: { note: 'x' }, erased: false },
    ]);
    expect(vault.calls).toEqual(['seal 4', 'open 4']);
  });

  it('need no vault where there are none', async () => {
    const vault = glass();
    await sealAll(vault, [{ event: {}, parts: [] }]);
    await openPersonal(vault, [{}, { personal: { subject: 'a', fields: FIELDS } }]);
    expect(vault.calls).toEqual([]);
  });

  it('are read from events in clear as well', async () => {
    const personal = { subject: 'a', fields: FIELDS };
    expect(partsOf(personal).map(({ part, subject }) => [part, subject])).toEqual([
      ['applicant', 'a'],
      ['submitter', 'a'],
      ['rest', 'a'],
    ]);
    expect(await openPersonal(glass(), [{ personal }])).toEqual([{ fields: FIELDS, erased: false }]);
  });

  it('are shown as far as nobody is erased, and the hash of the command never', async () => {
    const fields = { ...FIELDS, commandHash: 'h' };
    const events = await sealAll(glass(), [{ event: {}, parts: clearParts(fields, WHO) }]);
    expect(await openPersonal(glass(['s']), events)).toEqual([
      { fields: { applicant: { name: 'Ánh' }, note: 'n', papers: [] }, erased: true, commandHash: 'h' },
    ]);
    expect(await openPersonal(glass(['a']), events)).toEqual([
      { fields: { submitter: { name: 'Bích' } }, erased: true },
    ]);
  });
});

describe('a part that cannot be read', () => {
  it('is named, and keeps nobody from the others', async () => {
    const fields = { ...FIELDS, commandHash: 'h' };
    const events = await sealAll(glass(), [{ event: {}, parts: clearParts(fields, WHO) }]);
    const applicant = { fields: { submitter: { name: 'Bích' } }, erased: false };
    expect(await openPersonal(glass([], ['a']), events)).toEqual([
      { ...applicant, damaged: ['applicant', 'rest'] },
    ]);
    expect(await openPersonal(glass(['s'], ['a']), events)).toEqual([
      { fields: {}, erased: true, damaged: ['applicant', 'rest'] },
    ]);
  });
});

describe('a person', () => {
  it.each(['001 099.012-345', '001099012345', '００１０９９０１２３４５'])(
    'is known by its number: %s',
    (idNumber) => {
      expect(personOf(idNumber, 'o')).toEqual({ idNumber: '001099012345', otherwise: 'o' });
    },
  );

  it.each([undefined, '', '-', '0', '000000000', 'không có', '12345', 'x-1'])(
    'is nobody else’s for what is no number: %j',
    (idNumber) => {
      expect(personOf(idNumber, 'o')).toEqual({ otherwise: 'o' });
    },
  );
});
