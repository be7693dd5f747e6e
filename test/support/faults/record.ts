import { expect } from '@jest/globals';
import { openPlatform } from '#apps/platform/open-platform.js';
import { commandIdOf } from '#libs/dossier/commands/command.js';
import type { RecordedEvent } from '#libs/event-log/event-log.js';
import { type Acknowledged, send, type Sent } from '../clerks.js';
import { bearer } from '../tokens.js';
import { TEST_MASTER_KEY } from '../vault.js';

const PATIENCE_MS = 60_000;

/** What the log of an installation is read with. */
export interface Engines {
  readonly dataFolder: string;
  readonly databaseUrl: string | undefined;
  readonly eventStoreUrl: string | undefined;
}

/** All events that the log holds, in its order. */
export async function eventsOf(engines: Engines): Promise<RecordedEvent[]> {
  const platform = await openPlatform({
    ...engines,
    ...(engines.databaseUrl === undefined ? {} : { masterKey: TEST_MASTER_KEY }),
  });
  try {
    const events: RecordedEvent[] = [];
    for await (const event of platform.rawLog.readAll()) events.push(event);
    return events;
  } finally {
    await platform.close();
  }
}

const idOf = ({ actor, key }: Sent): string => commandIdOf(actor, key);
const byCommand = (events: readonly RecordedEvent[]): Map<string, RecordedEvent[]> =>
  groupBy(
    events.filter(({ stream }) => stream.startsWith('dossier-')),
    ({ metadata }) => metadata.commandId,
  );

/** Every acknowledged command is in the log as it was acknowledged. @returns how many there are */
export function expectAcknowledgedKept(events: readonly RecordedEvent[], sent: readonly Sent[]): number {
  const written = byCommand(events);
  const acknowledged = sent.flatMap(({ answer, ...command }) => (answer ? [{ ...command, answer }] : []));
  const found = acknowledged.map((command): Acknowledged => {
    const last = written.get(idOf(command))?.at(-1);
    return {
      code: last?.stream.replace(/^dossier-/, '') ?? 'lost',
      revision: Number(last?.revision),
      position: Number(last?.position),
      recordedAt: last?.recordedAt ?? 'lost',
    };
  });
  expect(found).toEqual(acknowledged.map(({ answer }) => answer));
  return acknowledged.length;
}

/** No command is in the log twice or in part, acknowledged or not, and none that nobody gave. */
export function expectNothingDoubled(events: readonly RecordedEvent[], sent: readonly Sent[]): void {
  const given = new Map(sent.map((command) => [idOf(command), command.step]));
  const shapes = new Map<string, Set<string>>();
  for (const [id, own] of byCommand(events)) {
    const step = given.get(id);
    expect(step).toBeDefined();
    expect(new Set(own.map(({ stream }) => stream)).size).toBe(1);
    const first = own[0]!.revision;
    expect(own.map(({ revision }) => revision - first)).toEqual(own.map((_, n) => BigInt(n)));
    shapes.set(step!, (shapes.get(step!) ?? new Set()).add(own.map(({ type }) => type).join()));
  }
  // Every command of a step wrote the same events.
  expect([...shapes].filter(([, kinds]) => kinds.size !== 1)).toEqual([]);
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
}

/** Codes have no gaps in any day; positions rise, and where the engine counts them one by one, have none either. */
export function expectInOrder(events: readonly RecordedEvent[], contiguous: boolean): void {
  const codes = new Set(events.map(({ stream }) => stream).filter((stream) => stream.startsWith('dossier-')));
  for (const numbers of groupBy([...codes], (code) => code.replace(/-\d+$/, '')).values()) {
    const sorted = numbers.map((code) => Number(/\d+$/.exec(code)![0])).sort((a, b) => a - b);
    expect(sorted).toEqual(sorted.map((_, n) => n + 1));
  }
  const positions = events.map(({ position }) => position);
  const expected = contiguous
    ? positions.map((_, n) => BigInt(n + 1))
    : [...new Set(positions)].sort((a, b) => (a < b ? -1 : 1));
  expect(positions).toEqual(expected);
}

/** A repeat is answered as the first time, at the latest when nobody can be at the command any more. */
export async function expectRepeatsAnswered(url: string, sent: readonly Sent[], count = 40): Promise<void> {
  const known = sent.filter(({ answer }) => answer).slice(-count);
  const again = await Promise.all(
    known.map(async (command) => {
      const begun = performance.now();
      for (;;) {
        const answer = await send(url, command);
        if (answer !== 'again' || performance.now() - begun > PATIENCE_MS) return answer;
      }
    }),
  );
  expect(again).toEqual(known.map(({ answer }) => answer));
}

export interface LiveReport {
  readonly rows: unknown;
  readonly total: Record<string, number>;
  readonly position: number;
}

/** The report of a period as the service gives it, as soon as it holds the whole log. */
export async function liveReport(url: string, from: string, to: string): Promise<LiveReport> {
  const query = new URLSearchParams({ from, to });
  const begun = performance.now();
  for (;;) {
    const response = await fetch(`${url}/api/reports/ii-06a?${query.toString()}`, {
      headers: bearer('clerk-1'),
    });
    const { rows, total, position, lag, ...rest } = (await response.json()) as LiveReport & {
      lag?: { events: number };
    };
    if (lag?.events === 0) return { rows, total, position };
    if (performance.now() - begun > PATIENCE_MS) {
      throw new Error(`the report does not get up to date: ${JSON.stringify({ position, lag, ...rest })}`);
    }
  }
}

function groupBy<T>(values: readonly T[], keyOf: (value: T) => string | undefined): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}
