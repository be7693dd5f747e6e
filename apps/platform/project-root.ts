import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json, from the compiled and from the source files alike: where `config/` is. */
export const projectRoot = findUp(dirname(fileURLToPath(import.meta.url)));

function findUp(folder: string): string {
  return existsSync(join(folder, 'nest-cli.json')) ? folder : findUp(dirname(folder));
}
