import { v5 as uuidV5 } from 'uuid';
import type { RecordedEvent } from '#libs/event-log/event-log.js';
import { streamName } from '#libs/event-log/event-log.js';
import { bodyHash, FIRST_HASH, linkHash } from '#libs/event-log/hash.js';
import { clearParts, sealAll } from '#libs/personal-data/sealing.js';
import type { Vault } from '#libs/personal-data/vault.js';

const NAMESPACE = '1b671a64-40d5-491e-99b0-da01ff1f3341';
const HOUR = 3_600_000;
/** Dossiers that are under way at the same time: their events lie between each other's, as in a real log. */
const OPEN_AT_ONCE = 2_000;

export interface LogShape {
  readonly dossiers: number;
  /** First acceptance, and over how many days they are spread. */
  readonly start: string;
  readonly days: number;
  /** `short`: accepted and resolved; `full`: six events a dossier. */
  readonly lives: 'short' | 'full';
}

/** Events of made-up dossiers in the order of a log, with valid hashes. The same shape gives the same log. */
export function* syntheticLog({ dossiers, start, days, lives }: LogShape): Generator<RecordedEvent> {
  const first = Date.parse(start);
  const gap = (days * 24 * HOUR) / dossiers;
  const open: Iterator<RecordedEvent>[] = [];
  let position = 0n;
  const next = (n: number): RecordedEvent | undefined => {
    const { value, done } = open[n]!.next() as IteratorResult<RecordedEvent, undefined>;
    if (!done) return { ...value, position: ++position };
    open.splice(n, 1);
    return undefined;
  };
  for (let n = 0; n < dossiers; n += 1) {
    open.push(life(n, first + n * gap, lives));
    const accepted = next(open.length - 1);
    if (accepted) yield accepted;
    while (open.length >= Math.min(OPEN_AT_ONCE, dossiers)) {
      const event = next((n * 7919) % open.length);
      if (event) yield event;
    }
  }
  while (open.length > 0) {
    const event = next(0);
    if (event) yield event;
  }
}

function* life(n: number, at: number, lives: LogShape['lives']): Generator<RecordedEvent> {
  const unit = `H54.${10 + (n % 8)}`;
  const code = `${unit}-${new Date(at).toISOString().slice(2, 10).replaceAll('-', '')}-${String(n).padStart(7, '0')}`;
  const stream = streamName('dossier', code);
  const day = 24 * HOUR;
  const late = n % 50 === 0 ? 20 * day : 0;
  const iso = (ms: number): string => new Date(ms).toISOString();
  const steps: [string, object, number][] = [
    [
      'DossierAccepted',
      {
        ...{ code, unit, official: `official-${n % 40}`, channel: n % 10 === 0 ? 'in_person' : 'online' },
        terms: {
          procedure: { id: `P${n % 42}`, version: 1 },
          field: `F${n % 7}`,
          case: 'default',
          limit: { value: 10, unit: 'working_day' },
          calendar: { id: 'vn', version: 1 },
          policy: { id: 'vn-default', version: 1 },
          zone: 'Asia/Ho_Chi_Minh',
        },
        ...{ dueAt: iso(at + 14 * day), dueBasis: 'computed', formerCode: null },
      },
      at,
    ],
    ...(lives === 'short'
      ? []
      : ([
          ['DossierHandedOver', { toUnit: unit, toOfficial: `official-${n % 40}` }, at + HOUR],
          ['SupplementRequested', { number: 1, stopsClock: true }, at + 2 * day],
          ['SupplementReceived', { dueAt: iso(at + 16 * day) }, at + 4 * day],
        ] as [string, object, number][])),
    ['DossierResolved', { outcome: 'granted' }, at + 10 * day + late],
    ...(lives === 'short'
      ? []
      : ([['ResultReturned', { method: 'online' }, at + 11 * day + late]] as [string, object, number][])),
  ];
  let previousHash = FIRST_HASH;
  for (const [revision, [type, data, when]] of steps.entries()) {
    const event = {
      id: uuidV5(`${code}/${revision}`, NAMESPACE),
      type,
      schemaVersion: 1,
      data: data as RecordedEvent['data'],
      ...(revision === 0
        ? {
            personal: {
              subject: uuidV5(code, NAMESPACE),
              fields: { applicant: { name: `Doanh nghiệp số ${n}` } },
            },
          }
        : {}),
      occurredAt: iso(when),
      metadata: { actor: `clerk-${n % 20}`, correlationId: code, causationId: code },
    };
    const place = { stream, revision: BigInt(revision), recordedAt: iso(when + 60_000), previousHash };
    const hash = linkHash({ ...place, body: bodyHash(event) });
    yield { ...event, ...place, position: 0n, hash };
    previousHash = hash;
  }
}

/** The same log as an installation writes it, with the names sealed; in lists of at most `size`. */
export async function* sealedLog(
  vault: Pick<Vault, 'seal'>,
  shape: LogShape,
  size: number,
): AsyncGenerator<RecordedEvent[]> {
  const ends = new Map<string, string>();
  for (const batch of inBatches(syntheticLog(shape), size)) {
    const sealed = await sealAll(
      vault,
      batch.map(({ personal, ...event }) => {
        if (!personal || 'sealed' in personal) return { event, parts: [] };
        const person = { otherwise: personal.subject };
        return { event, parts: clearParts(personal.fields, { applicant: person, submitter: person }) };
      }),
    );
    yield sealed.map((event) => {
      const link = { ...event, previousHash: ends.get(event.stream) ?? FIRST_HASH };
      const hash = linkHash({ ...link, body: bodyHash(link) });
      ends.set(event.stream, hash);
      return { ...link, hash };
    });
  }
}

/** In lists of at most `size`. */
export function* inBatches<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let batch: T[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length === size) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
