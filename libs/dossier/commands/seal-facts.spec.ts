import { describe, expect, it } from '@jest/globals';
import { subjectOfStream } from '#libs/personal-data/subject.js';
import type { RecordedEvent } from '#libs/event-log/event-log.js';
import { upcast } from '#libs/event-log/upcasting.js';
import { dossierUpcasters } from '../dossier.upcasters.js';
import type { DossierEvent, DossierFact } from '../dossier.events.js';
import { SAMPLE_DATA } from '../testing/sample-facts.js';
import { NOW } from '../testing/scenario.js';
import { toEvents } from './command.js';
import { applicantOf, unsealed } from './seal-facts.js';

const STREAM = 'dossier-A';
const made = { context: { commandId: '9f0e5a2c-3f0b-5b8e-9a55-6d6f74637561' }, hash: 'h' };
const opening: DossierFact = {
  type: 'DossierAccepted',
  data: SAMPLE_DATA.DossierAccepted,
  occurredAt: NOW,
  personal: { applicant: { name: 'Ánh', idNumber: '0101234567' }, submitter: { name: 'Bích' } },
};
const step: DossierFact = { type: 'DossierAnnotated', data: {}, occurredAt: NOW, personal: { note: 'n' } };
const silent: DossierFact = {
  type: 'DossierHandedOver',
  data: SAMPLE_DATA.DossierHandedOver,
  occurredAt: NOW,
};
const event = (more: object): DossierEvent =>
  ({ type: step.type, data: {}, stream: STREAM, ...more }) as unknown as DossierEvent;

describe('what a command says of persons', () => {
  it('is sealed for the persons of an opening, the same ones at each try', () => {
    const [first] = unsealed([opening], made);
    const [again] = unsealed([opening], made);
    expect(again).toEqual(first);
    expect(first?.parts.map(({ part, person }) => [part, person.idNumber])).toEqual([
      ['applicant', '0101234567'],
      ['submitter', undefined],
      ['rest', '0101234567'],
    ]);
    expect(new Set(first?.parts.map(({ person }) => person.otherwise)).size).toBe(2);
    expect(first?.event).not.toHaveProperty('personal');
  });

  it('is sealed for the applicant in a later step, with the hash of the command', () => {
    expect(unsealed([step, silent], made, 'subject-1').map(({ parts }) => parts)).toEqual([
      [{ part: 'rest', person: { otherwise: 'subject-1' }, fields: { note: 'n', commandHash: 'h' } }],
      [],
    ]);
  });

  it('has a hash of its own of what is about the submitter, so that neither key tells of the other person', () => {
    const apart = { rest: 'r', submitter: 's' };
    const [both] = unsealed([opening], { ...made, apart });
    expect(both?.parts.map(({ part, fields }) => [part, fields.commandHash])).toEqual([
      ['applicant', undefined],
      ['submitter', 's'],
      ['rest', 'r'],
    ]);
  });

  it('takes the hash out of the metadata of all events of that command', () => {
    const context = { ...made.context, actor: 'clerk-1', correlationId: 'c' };
    const sealed = { sealed: [{ subject: 's', part: 'rest' as const, box: 'x' }] };
    const bare = { type: step.type, data: {}, occurredAt: NOW };
    const hashes = (...facts: Parameters<typeof toEvents>[0]) =>
      toEvents(facts, { hash: 'h', context }).map(({ metadata }) => metadata.commandHash);
    expect(hashes({ ...bare, personal: sealed }, bare)).toEqual([undefined, undefined]);
    expect(hashes(bare)).toEqual(['h']);
  });
});

describe('the applicant of a dossier', () => {
  it('is whom its events name last', () => {
    const named = (subject: string) =>
      event({
        personal: {
          sealed: [
            { subject, part: 'applicant', box: 'x' },
            { subject: 'r', part: 'rest', box: 'x' },
          ],
        },
      });
    expect(applicantOf(STREAM, [named('first'), named('last'), event({})])).toBe('last');
  });

  it('is the subject of events in clear, also where they name nobody', () => {
    expect(applicantOf(STREAM, [event({ personal: { subject: 'old', fields: { note: 'n' } } })])).toBe('old');
  });

  it('follows from the stream where nothing is said of anybody', () => {
    expect(applicantOf(STREAM, [event({ personal: undefined })])).toBe(subjectOfStream(STREAM));
  });
});

describe('texts about people in the data of older events', () => {
  const stored = (type: string, data: object, personal?: object): RecordedEvent =>
    ({ type, schemaVersion: 1, stream: STREAM, data, personal }) as unknown as RecordedEvent;

  it('are personal since version 2', () => {
    const asked = { consultation: 'c1', agency: 'Sở Xây dựng', dueAt: null };
    expect(
      upcast(
        stored('ConsultationRequested', asked, { subject: 's', fields: { note: 'n' } }),
        dossierUpcasters,
      ),
    ).toMatchObject({
      schemaVersion: 2,
      data: { consultation: 'c1', dueAt: null },
      personal: { subject: 's', fields: { note: 'n', agency: 'Sở Xây dựng' } },
    });
    const done = upcast(stored('ActivityRecorded', { activity: 'a', performer: 'An' }), dossierUpcasters);
    expect(done).toMatchObject({
      data: { activity: 'a' },
      personal: { subject: subjectOfStream(STREAM), fields: { performer: 'An' } },
    });
    expect(
      upcast(stored('ActivityRecorded', { activity: 'a', performer: null }), dossierUpcasters).personal,
    ).toBeUndefined();
  });
});
