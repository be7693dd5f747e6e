import type { OpenAPIObject } from '@nestjs/swagger';
import { ACTION_EXTENSION, type RouteAction } from '#libs/access/http/action.decorator.js';

interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly enum?: readonly unknown[];
  readonly example?: unknown;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly example?: unknown;
  readonly schema?: Schema;
}

/** One operation of the API, as its OpenAPI document tells of it. */
export interface Operation {
  /** As `GET /api/dossiers/{code}`. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  /** Undefined where nobody decided. */
  readonly action: RouteAction | undefined;
  readonly parameters: readonly Parameter[];
  /** The body that the document gives as an example. */
  readonly body: unknown;
}

/** All operations of the document, in its order. */
export function operationsOf(document: OpenAPIObject): Operation[] {
  const schemas = (document.components?.schemas ?? {}) as Record<string, Schema>;
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item as unknown as Record<string, Record<string, unknown>>).map(([method, stated]) => {
      const content = (stated['requestBody'] as { content?: Record<string, { schema?: Schema }> } | undefined)
        ?.content;
      const schema = content?.['application/json']?.schema;
      return {
        ...{ name: `${method.toUpperCase()} ${path}`, method: method.toUpperCase(), path },
        action: stated[ACTION_EXTENSION] as RouteAction | undefined,
        parameters: (stated['parameters'] ?? []) as readonly Parameter[],
        body: schema && exampleOf(schema, schemas),
      };
    }),
  );
}

/** An example of a schema, put together from those of its members. */
export function exampleOf(schema: Schema, schemas: Readonly<Record<string, Schema>>): unknown {
  if (schema.example !== undefined) return schema.example;
  const reference = schema.$ref ?? schema.allOf?.[0]?.$ref;
  if (reference !== undefined) return exampleOf(schemas[reference.split('/').at(-1) ?? ''] ?? {}, schemas);
  if (schema.items) {
    const item = exampleOf(schema.items, schemas);
    return item === undefined ? undefined : [item];
  }
  if (!schema.properties) return schema.enum?.[0];
  const members = Object.entries(schema.properties).map(
    ([name, member]) => [name, exampleOf(member, schemas)] as const,
  );
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}

const textOf = (example: unknown): string =>
  typeof example === 'string' ? example : JSON.stringify(example ?? '');

/** Path parameters and queries that a request shall have instead of the document's examples. */
export type Given = Readonly<Record<string, string>>;

/** The smallest request that the document calls valid. */
export function requestOf({ method, path, parameters, body }: Operation, given: Given = {}) {
  const valueOf = ({ name, example, schema }: Parameter): string =>
    given[name] ?? textOf(example ?? schema?.example ?? schema?.enum?.[0]);
  const placed = (place: string): Parameter[] => parameters.filter((parameter) => parameter.in === place);
  const address = placed('path').reduce(
    (address, parameter) => address.replace(`{${parameter.name}}`, encodeURIComponent(valueOf(parameter))),
    path,
  );
  const query = placed('query').filter(({ name, required }) => required || name in given);
  const headers = placed('header').filter(({ required }) => required);
  return {
    method,
    path:
      address +
      query.map((each, n) => `${n ? '&' : '?'}${each.name}=${encodeURIComponent(valueOf(each))}`).join(''),
    headers: Object.fromEntries(headers.map((each) => [each.name.toLowerCase(), valueOf(each)])),
    body,
  };
}
