import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  AccountEventType,
  AccountFact,
  AccountsEventType,
} from '#libs/access/accounts/account.events.js';
import { type Account, evolveAccount } from '#libs/access/accounts/account.js';
import type { ProviderEventType } from '#libs/access/oidc/provider-account.js';
import type { DossierEvent, DossierEventType } from '#libs/dossier/dossier.events.js';
import { type DossierState, evolve } from '#libs/dossier/dossier.js';
import { dossierUpcasters } from '#libs/dossier/dossier.upcasters.js';
import { evolvePerson, unknownPerson } from '#libs/erasure/person.js';
import { categoryOf, type RecordedEvent } from '#libs/event-log/event-log.js';
import { canonicalJson, expectedHash } from '#libs/event-log/hash.js';
import { upcast } from '#libs/event-log/upcasting.js';
import type { ImportEventType } from '#libs/import/import.events.js';
import type { InboxEventType } from '#libs/inbox/inbox.events.js';
import { openPersonal } from '#libs/personal-data/opening.js';
import type { PersonEvent, PersonEventType } from '#libs/personal-data/person.events.js';
import { openPart } from '#libs/personal-data/parts.js';
import type { SealedPart } from '#libs/personal-data/sealed.js';
import {
  evolveReference,
  initialReference,
  type ReferenceFact,
  referenceData,
} from '#libs/reference/reference.js';
import type { ReferenceEventType } from '#libs/reference/reference.events.js';
import type { ReminderEventType } from '#libs/reminders/reminder.events.js';
import { foldFact } from '#libs/reports/facts/fold-fact.js';

/**
 * Event type → its newest schema version. The compiler asks for every type of every union. A golden file is never
 * edited: a new shape is a new version with a file of its own, and a way (upcaster) to it from the one before.
 */
const NEWEST: Readonly<
  Record<
    | DossierEventType
    | PersonEventType
    | ReferenceEventType
    | ImportEventType
    | AccountEventType
    | AccountsEventType
    | ProviderEventType
    | ReminderEventType
    | InboxEventType,
    number
  >
> = {
  DossierRegistered: 1,
  DossierAccepted: 1,
  DossierRejected: 1,
  DossierHandedOver: 1,
  ConsultationRequested: 2,
  ConsultationReplied: 1,
  SupplementRequested: 1,
  SupplementReceived: 1,
  PaymentRequested: 1,
  PaymentConfirmed: 1,
  DeadlineExtended: 1,
  DossierWithdrawn: 1,
  DossierStopped: 1,
  DossierResolved: 1,
  ResultReturned: 1,
  DossierCorrected: 1,
  ChangeProposed: 1,
  ProposalApproved: 1,
  ProposalRefused: 1,
  LegalHoldPlaced: 1,
  LegalHoldLifted: 1,
  DossierAnnotated: 1,
  DossierLinked: 1,
  ActivityRecorded: 2,
  ImportReversed: 1,
  ErasureProposed: 1,
  ErasureRefused: 1,
  PersonErased: 1,
  CalendarPublished: 1,
  PolicyPublished: 1,
  UnitPublished: 1,
  ProcedurePublished: 1,
  ReminderPolicyPublished: 1,
  DossierFellOverdue: 1,
  AlertCancelled: 1,
  ReminderRaised: 1,
  ReminderSent: 1,
  ReminderFailed: 1,
  ReminderRetried: 1,
  ReminderDropped: 1,
  InboxRead: 1,
  ImportStarted: 1,
  ImportCompleted: 1,
  ImportTakenBack: 1,
  AccountListed: 1,
  AccountOpened: 1,
  GrantsChanged: 1,
  AccountClosed: 1,
  AccountReopened: 1,
  DelegationGiven: 1,
  DelegationEnded: 1,
  TokenIssued: 1,
  TokenRevoked: 1,
  CalendarFeedIssued: 1,
  CalendarFeedWithdrawn: 1,
  SecondFactorChanged: 1,
  ProviderAccountBound: 1,
  ProviderGrantsChanged: 1,
  SetUpHandedOut: 1,
};

const folder = join(process.cwd(), 'test/golden');
const files = readdirSync(folder).sort();
const read = (name: string): RecordedEvent => {
  const stored = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Omit<
    RecordedEvent,
    'revision' | 'position'
  > & { revision: string; position: string };
  return { ...stored, revision: BigInt(stored.revision), position: BigInt(stored.position) };
};
const golden = files.map(read);
const newest = golden
  .map((event) => upcast(event, dossierUpcasters))
  .sort((a, b) => Number(a.position - b.position));
const ofCategory = (category: string): RecordedEvent[] =>
  newest.filter(({ stream }) => categoryOf(stream) === category);

describe('the events that were ever written', () => {
  it('have a golden file for every type and schema version', () => {
    const wanted = Object.entries(NEWEST).flatMap(([type, version]) =>
      Array.from({ length: version }, (_, n) => `${type}.v${n + 1}.json`),
    );
    expect(files).toEqual(wanted.sort());
    expect(golden.map(({ type, schemaVersion }) => `${type}.v${schemaVersion}.json`)).toEqual(files);
  });

  it.each(golden)('$type verifies by the hash that it was stored with', (event) => {
    expect(expectedHash(event)).toBe(event.hash);
  });

  it.each(golden)('$type is upcast to the newest version', (event) => {
    const version = NEWEST[event.type as keyof typeof NEWEST];
    expect(upcast(event, dossierUpcasters).schemaVersion).toBe(version);
  });

  it.each(['ConsultationRequested', 'ActivityRecorded'])(
    '%s has no text about people in its data',
    (type) => {
      const [first, second] = newest.filter((event) => event.type === type);
      expect(Object.keys(second?.data ?? {})).toEqual(Object.keys(first?.data ?? {}));
      expect(first?.personal).toHaveProperty(
        `fields.${type === 'ActivityRecorded' ? 'performer' : 'agency'}`,
      );
    },
  );

  it('open with their key, as they were sealed', async () => {
    const key = Buffer.alloc(32, 'motcua golden');
    const open = (parts: readonly SealedPart[]) => Promise.resolve(parts.map((part) => openPart(part, key)));
    const sealed = golden.filter(({ personal }) => personal && 'sealed' in personal);
    expect(await openPersonal({ open }, sealed)).toEqual([
      { erased: false, fields: { performer: 'Nguyễn Văn An' } },
      {
        erased: false,
        fields: { agency: 'Sở Xây dựng', note: 'Xin ý kiến' },
        commandHash: '5d37d488abd7633b1be7003a76c041ff48e22eaf3a3056b1a595c6c3f81b440c',
      },
      { erased: false, fields: { reason: 'Đơn của công dân' } },
    ]);
  });

  it('fold into a dossier', () => {
    const events = ofCategory('dossier').filter(({ stream }) => stream.endsWith('240112-0001'));
    const state = events.reduce<DossierState | undefined>(
      (before, event) => evolve(before, event as unknown as DossierEvent),
      undefined,
    );
    expect(state).toMatchObject({
      code: 'H54.12-240112-0001',
      status: 'returned',
      unit: 'QLĐT',
      official: 'official-9',
      channel: 'online',
      formerCode: 'H54.12-240105-0003',
      registeredAt: '2024-01-12T09:00:00.000Z',
      acceptedAt: '2024-01-16T02:30:00.000Z',
      dueAt: '2024-01-26T03:00:00.000Z',
      dueBasis: 'extended',
      endedAt: '2024-01-25T02:00:00.000Z',
      returnedAt: '2024-01-26T01:00:00.000Z',
      supplementRequests: 1,
      extensions: 1,
      openConsultations: [],
      pauses: [{ from: '2024-01-18T07:00:00.000Z', to: '2024-01-19T07:00:00.000Z' }],
      revision: 14n,
    });
  });

  it.each(ofCategory('dossier'))('$type alone folds, too', (event) => {
    expect(evolve(undefined, event as unknown as DossierEvent).revision).toBe(event.revision);
    expect(foldFact(undefined, event).code).toBe(decodeURIComponent(event.stream.slice('dossier-'.length)));
  });

  it('fold into what is published', () => {
    const facts = ofCategory('reference').map(
      ({ type, data }) => ({ type, data }) as unknown as ReferenceFact,
    );
    const state = facts.reduce(evolveReference, initialReference());
    const published = referenceData(() => state);
    const day = '2024-01-16';
    expect(published.unit('H54.12', day)?.sequenceDigits).toBe(4);
    expect(published.calendar('vn', day)?.definition.workingDays).toEqual(['2024-05-04']);
    expect(published.policy('default', day)?.rules.maxExtensions).toBe(1);
    expect(published.procedure('1.009665', day)?.limits).toHaveLength(2);
  });
});

describe('the events of a person', () => {
  it('fold into it', () => {
    const events = ofCategory('person') as unknown as PersonEvent[];
    const states = events.map((_, n) => events.slice(0, n + 1).reduce(evolvePerson, unknownPerson('s')));
    expect(states.map(({ open, erasedAt }) => [open?.proposedBy, erasedAt])).toEqual([
      ['supervisor-1', null],
      [undefined, null],
      [undefined, '2026-06-02T02:00:00.000Z'],
    ]);
  });
});

describe('the events of an account', () => {
  it('fold into it', () => {
    const account = ofCategory('account').reduce<Account | undefined>(
      (before, event) => evolveAccount(before, event as unknown as AccountFact, event.occurredAt),
      undefined,
    );
    expect(account).toMatchObject({ id: 'clerk-1', kind: 'person', demo: false });
    expect(account?.closedAt).toBeUndefined();
    expect(account?.grants).toEqual([{ role: 'clerk', units: ['H54.12', 'QLĐT'] }]);
    expect(account?.tokens).toMatchObject([{ label: 'scanner', revokedAt: '2024-02-02T02:00:00.000Z' }]);
    expect(account?.delegations).toMatchObject([{ to: 'clerk-2', endedAt: '2024-02-01T02:00:00.000Z' }]);
  });
});

describe('canonical JSON (RFC 8785)', () => {
  // Appendix B: IEEE 754 bits of the number → its text.
  const bits = (hex: string): number =>
    new DataView(Uint8Array.from(Buffer.from(hex, 'hex')).buffer).getFloat64(0);
  it.each([
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['ffefffffffffffff', '-1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['c340000000000000', '-9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['44b52d02c7e14af7', '1.0000000000000001e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef4f', '999999999999999900000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ])('writes %s as %s', (hex, text) => {
    expect(canonicalJson(bits(hex))).toBe(text);
  });

  it('writes numbers, texts and literals as the example of section 3.2.2', () => {
    const value = {
      numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    };
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('sorts members by their UTF-16 code units, as in section 3.2.3', () => {
    const value = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    const names = Object.values(JSON.parse(canonicalJson(value)) as Record<string, string>);
    expect(names).toEqual([
      'One',
      'Carriage Return',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  it('keeps composed and decomposed texts apart: it hashes what was written', () => {
    const [composed, decomposed] = (['NFC', 'NFD'] as const).map((form) =>
      canonicalJson('ề'.normalize(form)),
    );
    expect(composed).not.toBe(decomposed);
  });
});
