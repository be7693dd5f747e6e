import type { OpenAPIObject } from '@nestjs/swagger';
import addFormats from 'ajv-formats';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

const BASE = 'http://motcua/openapi';
const MEMBERS_OF_ITS_OWN = new Set(['ProblemDto']);

interface Operation {
  readonly responses: Record<string, { content?: Record<string, unknown> }>;
}

/** The OpenAPI document as a contract: says where an answer breaks it. */
export class Contract {
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true });
  private readonly compiled = new Map<string, ValidateFunction>();
  private readonly routes: readonly { pattern: RegExp; path: string }[];

  constructor(readonly document: OpenAPIObject) {
    addFormats.default(this.ajv);
    this.ajv.addSchema({ ...closed(document), $id: BASE });
    this.routes = Object.keys(document.paths)
      .map((path) => ({ path, pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`) }))
      // What is written out comes before what a parameter matches.
      .sort((a, b) => a.path.split('{').length - b.path.split('{').length);
  }

  /** What is wrong with an answer; empty if it is as documented. */
  breaches(method: string, path: string, answer: { status: number; type: string; body: unknown }): string[] {
    const route = this.routeOf(method, path);
    if (!route) return this.check(BASE + '#/components/schemas/ProblemDto', answer.body);
    const operation = this.operation(method, route);
    const response = operation.responses[String(answer.status)];
    if (!response) return [`status ${answer.status} of ${method} ${route} is not documented`];
    const type = answer.type.split(';')[0] ?? '';
    if (!response.content?.[type]) return [`${type} is not documented for ${answer.status}`];
    if (!type.endsWith('json')) return [];
    const place = ['paths', route, method.toLowerCase(), 'responses', String(answer.status), 'content', type];
    return this.check(`${BASE}#/${place.map(pointerPart).join('/')}/schema`, answer.body);
  }

  /** What is wrong with a value under the schema at that place of the document. */
  check(reference: string, value: unknown): string[] {
    let validate = this.compiled.get(reference);
    if (!validate) this.compiled.set(reference, (validate = this.ajv.compile({ $ref: reference })));
    if (validate(value)) return [];
    return (validate.errors ?? []).map(({ instancePath, message, params }) =>
      [instancePath, message ?? '', JSON.stringify(params)].join(' '),
    );
  }

  private routeOf(method: string, path: string): string | undefined {
    const bare = path.split('?')[0] ?? '';
    const found = this.routes.find(
      ({ pattern, path: route }) => pattern.test(bare) && this.operation(method, route),
    );
    return found?.path;
  }

  private operation(method: string, route: string): Operation {
    return (this.document.paths[route] as unknown as Record<string, Operation>)[
      method.toLowerCase()
    ] as Operation;
  }
}

/** Schemas name every member there is, unless they say otherwise: an answer with more breaks the contract. */
function closed(document: OpenAPIObject): OpenAPIObject {
  const schemas = Object.entries(document.components?.schemas ?? {}).map(([name, schema]) => {
    const open =
      MEMBERS_OF_ITS_OWN.has(name) || !('properties' in schema) || 'additionalProperties' in schema;
    return [name, open ? schema : { ...schema, additionalProperties: false }] as const;
  });
  return { ...document, components: { ...document.components, schemas: Object.fromEntries(schemas) } };
}

function pointerPart(text: string): string {
  return encodeURIComponent(text.replaceAll('~', '~0').replaceAll('/', '~1'));
}
