import type { ApiPropertyOptions } from '@nestjs/swagger';

/** A schema or null, in the words of OpenAPI 3.1 (Nest takes a list of types for an array). */
export const nullable = (schema: object, more: object = {}): ApiPropertyOptions => ({
  oneOf: [schema, { type: 'null' }],
  ...more,
});

export const nullableText = (more: object = { example: null }): ApiPropertyOptions =>
  nullable({ type: 'string' }, more);

export const nullableInstant = (more: object = { example: null }): ApiPropertyOptions =>
  nullable({ type: 'string', format: 'date-time' }, more);
