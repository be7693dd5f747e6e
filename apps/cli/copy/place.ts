import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openPlatform, type Platform } from '#apps/platform/open-platform.js';
import type { Settings } from '#apps/platform/settings.js';
import { Problem } from '#libs/problem/problem.js';

type Engines = Pick<Settings, 'dataFolder' | 'databaseUrl' | 'eventStoreUrl'>;

/** Where a log is, with the PostgreSQL that has its read models. */
export interface Place {
  /** What to call it; without passwords. */
  readonly where: string;
  readonly engines: Engines;
}

/**
 * `embedded` is the data folder of MOTCUA_DATA; `embedded:FOLDER` another one. An EventStoreDB has its read models,
 * receipts and table of ids in the database of DATABASE_URL, or without it in that data folder.
 * @throws Problem `place-unknown`
 */
export function placeOf(given: string, settings: Settings): Place {
  const { dataFolder, databaseUrl } = settings;
  const folder = /^embedded(?::(.+))?$/.exec(given);
  if (folder) {
    const path = folder[1] === undefined ? dataFolder : resolve(folder[1]);
    return {
      where: `embedded:${path}`,
      engines: { dataFolder: path, databaseUrl: undefined, eventStoreUrl: undefined },
    };
  }
  if (/^postgres(ql)?:\/\//.test(given)) {
    return {
      where: withoutPassword(given),
      engines: { dataFolder, databaseUrl: given, eventStoreUrl: undefined },
    };
  }
  if (/^(esdb|kurrentdb|kurrent|kdb)(\+discover)?:\/\//.test(given)) {
    return { where: withoutPassword(given), engines: { dataFolder, databaseUrl, eventStoreUrl: given } };
  }
  throw new Problem('place-unknown', { where: withoutPassword(given) });
}

/** The place that the service works on by the same settings. */
export function placeOfService(settings: Settings): Place {
  return placeOf(settings.eventStoreUrl ?? settings.databaseUrl ?? 'embedded', settings);
}

/** @throws Problem `place-empty` for a folder that is not there, and those of `openPlatform` */
export async function openSource(place: Place): Promise<Platform> {
  const { dataFolder, databaseUrl } = place.engines;
  if (databaseUrl === undefined && !existsSync(join(dataFolder, 'motcua.json'))) throw empty(place);
  const platform = await openPlatform(place.engines);
  try {
    if ((await platform.rawLog.head()) === 0n) throw empty(place);
    return platform;
  } catch (error) {
    await platform.close();
    throw error;
  }
}

/** The settings with which the service works there, for a person to set: names that must be empty, too. */
export function settingsFor({ engines }: Place): Record<string, string> {
  const { dataFolder, databaseUrl, eventStoreUrl } = engines;
  return {
    EVENTSTORE_URL: withoutPassword(eventStoreUrl ?? ''),
    DATABASE_URL: withoutPassword(databaseUrl ?? ''),
    ...(databaseUrl === undefined ? { MOTCUA_DATA: dataFolder } : {}),
  };
}

export function withoutPassword(url: string): string {
  return url.replace(/(:\/\/[^:@/]*):[^@/]*@/, '$1@').replace(/([?&]password=)[^&]*/gi, '$1');
}

function empty({ where }: Place): Problem {
  return new Problem('place-empty', { where });
}
