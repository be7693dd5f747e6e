import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ModulesContainer } from '@nestjs/core';
import { Query } from '@nestjs/cqrs';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { startService, type TestService } from '../support/service.js';

type Class = abstract new (...args: never[]) => object;

let service: TestService;
beforeAll(async () => (service = await startService()), 60_000);
afterAll(() => service.close());

/** Names of what the handlers of the running service were made for; one that has two handlers is there twice. */
function handled(bus: 'command' | 'query'): string[] {
  return [...service.app.get(ModulesContainer).values()]
    .flatMap((module) => [...module.providers.values()])
    .map(({ metatype }) => metatype as unknown)
    .filter((metatype) => typeof metatype === 'function')
    .map((metatype) => Reflect.getMetadata(`__${bus}Handler__`, metatype) as Class | undefined)
    .filter((one) => one !== undefined)
    .map(({ name }) => name)
    .sort();
}

/** Classes that the libraries export from files of such a name. */
async function exportedFrom(ending: RegExp): Promise<Class[]> {
  const files = readdirSync(join(process.cwd(), 'libs'), { recursive: true, encoding: 'utf8' });
  const modules = await Promise.all(
    files
      .filter((file) => ending.test(file))
      .map((file) => import(`#libs/${file.replace(/\.ts$/, '.js')}`) as Promise<Record<string, unknown>>),
  );
  return modules
    .flatMap((module) => Object.values(module))
    .filter((one): one is Class => typeof one === 'function' && /^class\b/.test(String(one)));
}

const names = (classes: readonly Class[]): string[] => classes.map(({ name }) => name).sort();

describe('the buses of the running service', () => {
  it('have exactly one handler for each command: a second one would silently take its place', async () => {
    const commands = names(await exportedFrom(/(^|\/)command\.ts$/));
    expect(commands).toContain('ChangeDossier');
    expect(handled('command')).toEqual(commands);
  });

  it('have exactly one handler for each query', async () => {
    const exported = await exportedFrom(/\.query\.ts$/);
    const queries = names(exported.filter(({ prototype }) => prototype instanceof Query));
    expect(queries).toContain('GetDossier');
    expect(handled('query')).toEqual(queries);
  });
});
