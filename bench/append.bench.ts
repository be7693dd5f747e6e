import { randomUUID } from 'node:crypto';
import { PostgresEventLog } from '#libs/event-log/adapters/postgres-event-log.adapter.js';
import { type NewEvent, streamName } from '#libs/event-log/event-log.js';
import { openDatabase } from '#libs/read-db/database.adapter.js';
import { bearer } from '../test/support/tokens.js';
import { ACCOUNT, load, median, percentile, type Rate, round, startService, withFolder } from './support.js';

const CLIENTS = 32;
const ROUNDS = 5;

/** Acceptances over HTTP against the raw append of the same events, by the same engine, in turn. */
export async function benchAppend(size: 'short' | 'full'): Promise<object> {
  const perRound = size === 'full' ? 4_000 : 500;
  return withFolder(async (folder) => {
    const service = await startService(folder, 3_911);
    const database = await openDatabase({ dataFolder: folder });
    const log = new PostgresEventLog(database.pool);
    try {
      await accept(service.url, 500); // warm up
      const rounds = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const from = await log.head();
        const http = await accept(service.url, perRound);
        const events: NewEvent[] = [];
        for await (const event of log.readAll({ from, categories: ['dossier'] })) events.push(event);
        rounds.push({ http, raw: await appendRaw(log, events) });
      }
      const ratios = rounds.map(({ http, raw }) => http.perSecond / raw.perSecond);
      return {
        clients: CLIENTS,
        acceptancesPerRound: perRound,
        httpPerSecond: round(median(rounds.map(({ http }) => http.perSecond))),
        httpP99Ms: round(median(rounds.map(({ http }) => http.p99Ms))),
        rawPerSecond: round(median(rounds.map(({ raw }) => raw.perSecond))),
        rawP99Ms: round(median(rounds.map(({ raw }) => raw.p99Ms))),
        ratio: round(median(ratios)),
        ratios: ratios.map((ratio) => round(ratio)),
        target: 'ratio >= 0.5',
      };
    } finally {
      await log.close();
      await database.close();
      await service.stop();
    }
  });
}

/** Each dossier is another person's: so each gets a key. */
let persons = 100_000_000;

/** Accepts so many dossiers over HTTP, by so many clients at once. */
export async function accept(url: string, amount: number, connections = CLIENTS): Promise<Rate> {
  const body = (): string =>
    JSON.stringify({
      ...{ unit: 'H54.12', procedure: '1.009664', channel: 'in_person' },
      applicant: { name: 'Công ty TNHH Ánh Dương', idNumber: String((persons += 1)) },
      papers: [{ name: 'Văn bản đề nghị', originals: 1, copies: 1 }],
    });
  return load({
    url: `${url}/api/dossiers`,
    method: 'POST',
    connections,
    amount,
    headers: { 'content-type': 'application/json', ...bearer(ACCOUNT) },
    requests: [
      {
        setupRequest: (request) => ({
          ...request,
          body: body(),
          headers: { ...request.headers, 'idempotency-key': randomUUID() },
        }),
      },
    ],
  });
}

/** The same events under other ids, in streams that no read model looks at. */
async function appendRaw(log: PostgresEventLog, events: readonly NewEvent[]): Promise<Omit<Rate, 'p50Ms'>> {
  const times: number[] = [];
  const queue = events.map(({ id: _, type, schemaVersion, data, personal, occurredAt, metadata }) => ({
    id: randomUUID(),
    ...{ type, schemaVersion, data, occurredAt, metadata },
    ...(personal ? { personal } : {}),
  }));
  const begun = performance.now();
  const writer = async (): Promise<void> => {
    for (let event = queue.pop(); event; event = queue.pop()) {
      const start = performance.now();
      await log.append(streamName('bench', event.id), 'no_stream', [event]);
      times.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, writer));
  return { perSecond: events.length / ((performance.now() - begun) / 1_000), p99Ms: percentile(times, 0.99) };
}
