import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { contractOf, refused } from '../support/http.js';
import { startService, type TestService } from '../support/service.js';
import { expectNothingWritten } from '../support/whole-log.js';

let service: TestService;
beforeAll(async () => {
  service = await startService();
}, 60_000);
afterAll(() => service?.close());

interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: unknown;
}

/** What somebody would like to set who may not: who did it, when, in which state, as whom. */
const WISHED = [
  'actor',
  'state',
  'recordedAt',
  'revision',
  'role',
  'roles',
  'grants',
  'id',
  'code',
  'isAdmin',
];

describe('members that a body does not have', () => {
  it('are refused by name in every body that there is, and in every object in it', async () => {
    const { document } = await contractOf(service);
    const resolve = (schema: Schema): Schema => {
      const name = (schema.$ref ?? schema.allOf?.[0]?.$ref)?.split('/').at(-1);
      return name === undefined ? schema : (document.components?.schemas?.[name] as Schema);
    };
    const tried: string[] = [];
    await expectNothingWritten(service, async () => {
      for (const [path, operations] of Object.entries(document.paths)) {
        for (const [method, operation] of Object.entries(operations)) {
          const content = (operation as { requestBody?: { content: Record<string, { schema: Schema }> } })
            .requestBody?.content['application/json'];
          if (!content) continue;
          for (const [pointer, body, schema] of placesIn(content.schema, resolve)) {
            const unknown = WISHED.filter((name) => !(name in (schema.properties ?? {})));
            const sent = {
              body: body(Object.fromEntries(unknown.map((name) => [name, 'x']))),
              headers: { 'if-match': '"0"' },
            };
            const url = path.replace(/\{\w+\}/g, 'x');
            const problem = await refused(service, [400, 'invalid-request'], method.toUpperCase(), url, sent);
            const pointers = problem.errors?.map((error) => error.pointer);
            expect(pointers).toEqual(expect.arrayContaining(unknown.map((name) => `${pointer}/${name}`)));
            tried.push(`${path}${pointer}`);
          }
        }
      }
    });
    expect(tried).toEqual(expect.arrayContaining(['/api/dossiers', '/api/dossiers/applicant']));
    expect(tried.length).toBeGreaterThan(25);
  });
});

type Place = readonly [pointer: string, body: (there: object) => object, schema: Schema];

/** The objects in a body whose members are all known: where each is, and a body that has this one there. */
function placesIn(given: Schema, resolve: (schema: Schema) => Schema): Place[] {
  const schema = resolve(given);
  if (!schema.properties || schema.additionalProperties) return [];
  const inner = Object.entries(schema.properties).flatMap(([name, member]): Place[] => {
    const items = resolve(member).items;
    const within = placesIn(items ?? member, resolve);
    return within.map(([pointer, body, of]) => [
      items ? `/${name}/0${pointer}` : `/${name}${pointer}`,
      (there) => ({ [name]: items ? [body(there)] : body(there) }),
      of,
    ]);
  });
  return [['', (there) => there, schema], ...inner];
}
