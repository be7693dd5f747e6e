import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openPlatform, type Platform } from '#apps/platform/open-platform.js';
import type { Settings } from '#apps/platform/settings.js';
import { Problem } from '#libs/problem/problem.js';

interface Engines extends Pick<
  Settings,
  'dataFolder' | 'databaseUrl' | 'eventStoreUrl' | 'masterKey' | 'masterKeyFile'
> {
  /** What the person wrote the address of the database in, for problems with it. */
  readonly databaseSetting?: string;
}

/** Where a log is, with the PostgreSQL that has its read models. */
export interface Place {
  /** What to call it; without passwords. */
  readonly where: string;
  /** Where the person has said so: an option, or settings. */
  readonly setting: string;
  readonly engines: Engines;
}

/**
 * `embedded` is the data folder of MOTCUA_DATA; `embedded:FOLDER` another one. An EventStoreDB has its read models,
 * receipts and table of ids in the database of DATABASE_URL, or without it in that data folder.
 * @param setting where the person has given it
 * @throws Problem `place-unknown`
 */
export function placeOf(given: string, settings: Settings, setting: string): Place {
  const { dataFolder, databaseUrl, masterKey, masterKeyFile } = settings;
  const keys = { masterKey, masterKeyFile };
  const folder = /^embedded(?::(.+))?$/.exec(given);
  if (folder) {
    const path = folder[1] === undefined ? dataFolder : resolve(folder[1]);
    return {
      where: `embedded:${path}`,
      setting,
      engines: { ...keys, dataFolder: path, databaseUrl: undefined, eventStoreUrl: undefined },
    };
  }
  if (/^postgres(ql)?:\/\//.test(given)) {
    return {
      where: withoutPassword(given),
      setting,
      engines: {
        ...keys,
        dataFolder,
        databaseUrl: given,
        eventStoreUrl: undefined,
        databaseSetting: setting,
      },
    };
  }
  if (/^(esdb|kurrentdb|kurrent|kdb)(\+discover)?:\/\//.test(given)) {
    return {
      where: withoutPassword(given),
      setting,
      engines: { ...keys, dataFolder, databaseUrl, eventStoreUrl: given },
    };
  }
  throw new Problem('place-unknown', { where: withoutPassword(given) });
}

/** The place that the service works on by the same settings. */
export function placeOfService(settings: Settings): Place {
  const { eventStoreUrl, databaseUrl } = settings;
  if (eventStoreUrl !== undefined) return placeOf(eventStoreUrl, settings, 'EVENTSTORE_URL');
  if (databaseUrl !== undefined) return placeOf(databaseUrl, settings, 'DATABASE_URL');
  return placeOf('embedded', settings, 'MOTCUA_DATA');
}

/**
 * What only reads must not make a new database where there is none, and find nothing wrong with it.
 * @throws Problem `data-folder-missing` if the database would be the embedded one of a folder that has none
 */
export function requireData(
  { dataFolder, databaseUrl }: Pick<Settings, 'dataFolder' | 'databaseUrl'>,
  setting: string,
): void {
  if (databaseUrl === undefined && !existsSync(join(dataFolder, 'motcua.json'))) {
    throw new Problem('data-folder-missing', { folder: dataFolder, setting });
  }
}

/** @throws Problem `data-folder-missing`, `place-empty`, and those of `openPlatform` */
export async function openSource(place: Place): Promise<Platform> {
  const { where, setting, engines } = place;
  requireData(engines, engines.eventStoreUrl === undefined ? setting : 'MOTCUA_DATA');
  const platform = await openPlatform(place.engines);
  try {
    if ((await platform.rawLog.head()) === 0n) throw new Problem('place-empty', { where, setting });
    return platform;
  } catch (error) {
    await platform.close();
    throw error;
  }
}

/** The settings with which the service works there, for a person to set: names that must be empty, too. */
export function settingsFor({ engines }: Place): Record<string, string> {
  const { dataFolder, databaseUrl, eventStoreUrl, masterKey, masterKeyFile } = engines;
  const needsFolder = databaseUrl === undefined || (masterKey === undefined && masterKeyFile === undefined);
  return {
    EVENTSTORE_URL: withoutPassword(eventStoreUrl ?? ''),
    DATABASE_URL: withoutPassword(databaseUrl ?? ''),
    ...(needsFolder ? { MOTCUA_DATA: dataFolder } : {}),
  };
}

export function withoutPassword(url: string): string {
  return url.replace(/(:\/\/[^:@/]*):[^@/]*@/, '$1@').replace(/([?&]password=)[^&]*/gi, '$1');
}
