import type { Platform } from '#apps/platform/open-platform.js';
import { copyCredentials } from '#libs/access/copy-credentials.adapter.js';
import { entriesOf } from '#libs/personal-data/export-keys.adapter.js';
import { type Imported, importKeys } from '#libs/personal-data/import-keys.adapter.js';
import type { KeyEntry } from '#libs/personal-data/keys-file.js';
import type { MasterKeys } from '#libs/personal-data/master-keys.js';
import { masterKeysOf, openVault } from '#libs/personal-data/open-vault.adapter.js';
import { copyTrace, type TraceCopied } from '#libs/read-trace/copy-trace.adapter.js';
import { TraceEntries } from '#libs/read-trace/trace-entries.adapter.js';
import { identityOf, requireNoOthers } from './alone.js';
import type { Place } from './place.js';

/** A place, and what was opened there. */
export interface OpenPlace {
  readonly place: Place;
  readonly platform: Platform;
}

/** What lies in rows beside the log, and has to be where the log is. */
export interface CarriedOver {
  readonly keys: Imported;
  readonly reads: TraceCopied;
  /** Rows of passwords, second factors, and how accounts are reached. */
  readonly credentials: number;
}

/**
 * Brings keys of persons, trace of reads and credentials to where the log was copied. Broken off, it can be done again.
 * @returns undefined where both places keep them in one database
 * @throws Problem those of `importKeys`
 */
export async function carryOver(
  source: OpenPlace,
  target: OpenPlace,
  signal: AbortSignal,
): Promise<CarriedOver | undefined> {
  const [from, to] = [source.platform.pool, target.platform.pool];
  if ((await identityOf(from)) === (await identityOf(to))) return undefined;
  const keys = await bringKeys(target, {
    file: source.place.where,
    entries: () => entriesOf(from),
    from: await masterKeysAt(source),
    signal,
  });
  const reads = await copyTrace({ source: new TraceEntries(from).entries(), target: to, signal });
  return { keys, reads, credentials: await copyCredentials(from, to) };
}

/** Keys into a place in which nobody else works. @throws Problem those of `importKeys` */
export async function bringKeys(
  target: OpenPlace,
  given: { file: string; entries: () => AsyncIterable<KeyEntry>; from?: MasterKeys; signal: AbortSignal },
): Promise<Imported> {
  const { where } = target.place;
  const { pool, rawLog } = target.platform;
  const to = await masterKeysAt(target);
  return importKeys({
    ...{ pool, log: rawLog, from: to, ...given, to },
    requireNoOthers: () => requireNoOthers([{ where, pool }]),
  });
}

/** The platform with the vault as it is now: its digest secret may have been replaced since it was opened. */
export async function withVaultOfNow({ place: { engines }, platform }: OpenPlace): Promise<Platform> {
  const besideLog = engines.eventStoreUrl === undefined;
  const vault = await openVault({ ...engines, pool: platform.pool, besideLog });
  return { ...platform, vault, keeper: vault.keeper };
}

const masterKeysAt = ({ place: { engines }, platform: { pool } }: OpenPlace): Promise<MasterKeys> =>
  masterKeysOf({ ...engines, pool });

/** For people. */
export function keysLines({ imported, already, leftOut }: Imported): string[] {
  return [
    `keys of persons: ${imported} came in, ${already} were there, ${leftOut} left out: their persons were erased`,
  ];
}

/** The trace of reads, for people. */
export function readsLines({ entries, already, differsAt }: TraceCopied, from: string): string[] {
  if (differsAt === undefined)
    return [`trace of reads: ${entries} entries, ${already} of them were there before`];
  return [
    `the trace of reads was NOT taken along: there are others there from number ${differsAt} on; keep ${from}, which has it`,
  ];
}

export function carriedLines(carried: CarriedOver | undefined, from: string): string[] {
  if (!carried) return ['keys of persons, trace of reads, passwords: in the same PostgreSQL as before'];
  return [
    ...keysLines(carried.keys),
    ...readsLines(carried.reads, from),
    `passwords, second factors, addresses of accounts: ${carried.credentials} rows`,
    'left behind: who is signed in just now, jobs that wait, what the nightly verification noted',
    `${from} still holds its keys: whoever is erased from now on is not erased there, so destroy it when you are sure`,
  ];
}
