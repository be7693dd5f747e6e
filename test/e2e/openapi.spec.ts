import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACTION_EXTENSION, PUBLIC } from '#libs/access/http/action.decorator.js';
import { POLICY } from '#libs/access/policy.js';
import type { Contract } from '../support/contract.js';
import { contractOf } from '../support/http.js';
import { startService, type TestService } from '../support/service.js';

interface Schema {
  readonly $ref?: string;
  readonly type?: unknown;
  readonly properties?: Record<string, Schema>;
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly example?: unknown;
  readonly enum?: readonly unknown[];
  readonly required?: readonly string[];
}
interface Operation {
  readonly summary?: string;
  readonly security?: readonly Record<string, unknown>[];
  readonly [ACTION_EXTENSION]?: string;
  readonly parameters?: readonly { name: string; in: string; schema: Schema; example?: unknown }[];
  readonly requestBody?: { content: Record<string, { schema: Schema }> };
  readonly responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
}

let service: TestService;
let contract: Contract;
let operations: [string, Operation][];
let schemas: Record<string, Schema>;
beforeAll(async () => {
  service = await startService();
  contract = await contractOf(service);
  operations = Object.entries(contract.document.paths).flatMap(([path, item]) =>
    Object.entries(item as unknown as Record<string, Operation>).map(
      ([method, operation]): [string, Operation] => [`${method.toUpperCase()} ${path}`, operation],
    ),
  );
  schemas = contract.document.components?.schemas as Record<string, Schema>;
}, 60_000);
afterAll(() => service.close());

/** Where operations are that break a rule. */
const breaking = (rule: (operation: Operation, name: string) => boolean): string[] =>
  operations.filter(([name, operation]) => rule(operation, name)).map(([name]) => name);

const schemaNamed = (reference: string): Schema => schemas[reference.split('/').at(-1) ?? ''] ?? {};

/** An example of a schema, put together from those of its members; undefined where one is missing. */
function exampleOf(schema: Schema): unknown {
  if (schema.example !== undefined) return schema.example;
  const reference = schema.$ref ?? schema.allOf?.[0]?.$ref;
  if (reference !== undefined) return exampleOf(schemaNamed(reference));
  if (schema.items) {
    const item = exampleOf(schema.items);
    return item === undefined ? undefined : [item];
  }
  if (!schema.properties) return schema.enum?.[0];
  const members = Object.entries(schema.properties).map(
    ([name, member]) => [name, exampleOf(member)] as const,
  );
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}

describe('the OpenAPI document', () => {
  it('is of version 3.1.0, and there is a page to try it', async () => {
    expect(contract.document.openapi).toBe('3.1.0');
    const page = await fetch(`${service.url}/api`);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html']);
    expect(await page.text()).toContain('swagger-ui');
    expect((await fetch(service.url)).url).toBe(`${service.url}/api`);
    const script = await fetch(`${service.url}/api/page/swagger-ui-bundle.js`);
    await script.body?.cancel();
    expect(script.status).toBe(200);
  });

  it('has every route of the server, and no other', () => {
    const documented = operations.map(([name]) => name).sort();
    expect(routesOf(service)).toEqual(documented);
  });

  it('says of every operation what it does, and which problems it can answer with', () => {
    expect(breaking(({ summary }) => !summary)).toEqual([]);
    const isProblem = (status: string): boolean => Number(status) >= 400;
    const mute = (name: string): boolean => /^GET \/(health\/|metrics$)/.test(name);
    expect(breaking(({ responses }, name) => !mute(name) && !Object.keys(responses).some(isProblem))).toEqual(
      [],
    );
    expect(
      breaking(({ responses }, name) =>
        Object.entries(responses).some(
          ([status, { content }]) =>
            isProblem(status) && !mute(name) && !content?.['application/problem+json'],
        ),
      ),
    ).toEqual([]);
    expect(breaking(({ responses }) => !Object.values(responses).some(({ content }) => content))).toEqual([]);
  });

  it('has an example for every body, and it fits', () => {
    const bodies = operations.flatMap(([name, { requestBody }]) => {
      const schema = requestBody?.content['application/json']?.schema;
      return schema ? [[name, schema] as const] : [];
    });
    expect(bodies.map(([name]) => name)).toEqual(
      operations.map(([name]) => name).filter((name) => /^(POST|PUT) /.test(name)),
    );
    const broken = bodies.flatMap(([name, schema]) =>
      contract.check(referenceTo(schema), exampleOf(schema)).map((what) => `${name} ${what}`),
    );
    expect(broken).toEqual([]);
  });

  it('has an example for every parameter in an address and every header', () => {
    const bare = operations.flatMap(([name, { parameters = [] }]) =>
      parameters
        .filter((parameter) => parameter.in !== 'query')
        .filter(({ example, schema }) => example === undefined && schema.example === undefined)
        .map((parameter) => `${name} ${parameter.name}`),
    );
    expect(bare).toEqual([]);
  });

  it('has only examples that fit their schemas', () => {
    const broken = Object.entries(schemas).flatMap(([name, { properties = {} }]) =>
      Object.entries(properties).flatMap(([property, schema]) => {
        if (schema.example === undefined) return [];
        const reference = `http://motcua/openapi#/components/schemas/${name}/properties/${property}`;
        return contract.check(reference, schema.example).map((what) => `${name}.${property} ${what}`);
      }),
    );
    expect(broken).toEqual([]);
  });

  it('says of every member of an answer what it is', () => {
    const vague = Object.entries(schemas).flatMap(([name, { properties = {} }]) =>
      Object.entries(properties)
        .filter(([, { type, $ref, oneOf, allOf }]) => !(type ?? $ref ?? oneOf ?? allOf))
        .map(([property]) => `${name}.${property}`),
    );
    expect(vague).toEqual([]);
  });

  it('refers to schemas that there are', () => {
    const references = JSON.stringify(contract.document).match(/"#\/components\/schemas\/\w+"/g) ?? [];
    const names = new Set(references.map((reference) => reference.slice(22, -1)));
    expect([...names].filter((name) => !(name in schemas))).toEqual([]);
  });
});

describe('who may call', () => {
  const actionOf = (operation: Operation): unknown => operation[ACTION_EXTENSION];

  it('is decided for every operation: an action of the policy, or that it is public', () => {
    const decided = new Set<unknown>([...Object.keys(POLICY), PUBLIC]);
    expect(breaking((operation) => !decided.has(actionOf(operation)))).toEqual([]);
  });

  it('is everyone for these only', () => {
    expect(breaking((operation) => actionOf(operation) === PUBLIC).sort()).toEqual([
      ...[
        'DELETE /api/session',
        'GET /api/calendar/{token}.ics',
        'GET /api/problems/{type}',
        'GET /api/session',
        'GET /api/session/oidc',
      ],
      ...['GET /api/session/oidc/callback', 'GET /api/session/oidc/end', 'GET /api/session/ways'],
      ...['GET /health/live', 'GET /health/ready', 'GET /metrics'],
      ...['POST /api/look-up', 'POST /api/password/set-up', 'POST /api/session'],
    ]);
  });

  it('is who signs in, in one of the ways that the document describes', () => {
    const schemes = Object.keys(contract.document.components?.securitySchemes ?? {});
    expect(
      breaking(({ security = [], ...operation }) => {
        const ways = security.flatMap((way) => Object.keys(way));
        return actionOf(operation) === PUBLIC
          ? ways.length > 0
          : ways.length === 0 || !ways.every((way) => schemes.includes(way));
      }),
    ).toEqual([]);
  });
});

/** Every route of Fastify but those of the page and its assets, in the words of OpenAPI. */
function routesOf({ app }: TestService): string[] {
  const tree = app.getHttpAdapter().getInstance().printRoutes({ commonPrefix: false });
  const path: string[] = [];
  const routes: string[] = [];
  for (const line of tree.split('\n')) {
    const match = /^([│ ]*)[├└]── (\S+)(?: \(([A-Z, ]+)\))?$/.exec(line);
    if (!match) continue;
    const [, indent = '', part = '', methods = ''] = match;
    path.length = indent.length / 4;
    path.push(part);
    const route = path
      .join('')
      .replaceAll('//', '/')
      .replace(/:(\w+)/g, '{$1}');
    for (const method of methods.split(', ')) {
      if (method !== '' && method !== 'HEAD' && !isPage(route)) routes.push(`${method} ${route}`);
    }
  }
  return routes.sort();
}

function isPage(route: string): boolean {
  return /^\/(api|look-up|sign-in|account|inbox|outlook|(pages|admin\/queues\/static)\/.+)?$|^\/api\/(openapi\.(json|yaml)|page\/.+)$/.test(
    route,
  );
}

function referenceTo(schema: Schema): string {
  return `http://motcua/openapi${schema.$ref ?? '#/no-reference'}`;
}
