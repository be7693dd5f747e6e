import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Paths of the files in a folder and all folders below it whose names match. */
export function filesUnder(folder: string, name: RegExp): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => name.test(path))
    .map((path) => join(folder, path));
}
