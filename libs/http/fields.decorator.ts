import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsNumber,
  IsString,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateBy,
  ValidateIf,
  ValidateNested,
  type ValidationOptions,
} from 'class-validator';
import { isAccountId } from '#libs/access/account-id.js';
import { toUtc } from './instant.js';

/**
 * Field decorators for bodies and queries: one decorator says what a field is, checks it and documents it.
 * Texts come out trimmed and composed (NFC), so that the same Vietnamese name is the same bytes.
 */
interface FieldOptions {
  description?: string;
  example?: unknown;
  optional?: boolean;
}

const optionality = ({ optional }: FieldOptions): PropertyDecorator[] =>
  optional ? [ValidateIf((_: object, value: unknown) => value !== undefined)] : [];

const documented = (field: FieldOptions, schema: ApiPropertyOptions): PropertyDecorator =>
  ApiProperty({
    ...schema,
    required: !field.optional,
    ...(field.description === undefined ? {} : { description: field.description }),
    ...(field.example === undefined ? {} : { example: field.example }),
  } as ApiPropertyOptions);

/** No control characters but tab and line ends, no NUL, no lone surrogates: text that every store and page takes. */
const FORBIDDEN = /[\u0000-\u0008\v\f\u000E-\u001F\u007F-\u009F\uFFFE\uFFFF]/u;
export function isPlainText(value: unknown): boolean {
  return typeof value === 'string' && value.isWellFormed() && !FORBIDDEN.test(value);
}

const checked = (name: string, test: (value: unknown) => boolean, options?: ValidationOptions) =>
  ValidateBy({ name, validator: { validate: test, defaultMessage: () => name } }, options);

const normalise = Transform(({ value }: { value: unknown }) =>
  typeof value === 'string' && value.isWellFormed() ? value.normalize('NFC').trim() : value,
);

/** Free text of 1 to `max` characters (default 500). */
export function Text(field: FieldOptions & { max?: number } = {}): PropertyDecorator {
  const max = field.max ?? 500;
  return applyDecorators(
    documented(field, { type: String, minLength: 1, maxLength: max }),
    ...optionality(field),
    normalise,
    IsString(),
    MinLength(1, { context: { min: 1 } }),
    MaxLength(max, { context: { max } }),
    checked('plainText', isPlainText),
  );
}

/** A code or id: letters of any script, digits, and `. _ - / @ :` and blanks inside; 1 to 100 characters. */
export function Code(field: FieldOptions = {}): PropertyDecorator {
  return applyDecorators(
    documented(field, { type: String, minLength: 1, maxLength: 100 }),
    ...optionality(field),
    normalise,
    IsString(),
    MaxLength(100, { context: { max: 100 } }),
    checked('code', (value) => typeof value === 'string' && CODE.test(value)),
  );
}
const CODE = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N} ._/@:-]*[\p{L}\p{M}\p{N}.])?$/u;

/** Id of an account: never a name. */
export function Account(field: FieldOptions = {}): PropertyDecorator {
  return applyDecorators(
    documented(field, { type: String, minLength: 1, maxLength: 64 }),
    ...optionality(field),
    normalise,
    IsString(),
    checked('accountId', isAccountId),
  );
}

/** An instant: ISO 8601 with seconds and an offset or Z. Comes out in UTC with milliseconds. */
export function Instant(field: FieldOptions = {}): PropertyDecorator {
  return applyDecorators(
    documented({ example: '2024-01-15T09:30:00+07:00', ...field }, { type: String, format: 'date-time' }),
    ...optionality(field),
    Transform(({ value }: { value: unknown }) => toUtc(value) ?? value),
    checked('instant', (value) => toUtc(value) !== undefined),
  );
}

/** A date of the desk, `YYYY-MM-DD`. */
export function CalendarDate(field: FieldOptions = {}): PropertyDecorator {
  return applyDecorators(
    documented({ example: '2024-01-15', ...field }, { type: String, format: 'date' }),
    ...optionality(field),
    checked(
      'date',
      (value) => typeof value === 'string' && toUtc(`${value}T00:00:00Z`)?.startsWith(value) === true,
    ),
  );
}

/** A time of the day on the wall clock, `HH:MM`. */
export function LocalTime(field: FieldOptions = {}): PropertyDecorator {
  return applyDecorators(
    documented({ example: '07:30', ...field }, { type: String, pattern: LOCAL_TIME.source }),
    ...optionality(field),
    checked('localTime', (value) => typeof value === 'string' && LOCAL_TIME.test(value)),
  );
}
const LOCAL_TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$/;

/** An e-mail address that any mail server takes: local part in ASCII and without quotes. */
export function EmailAddress(field: FieldOptions = {}): PropertyDecorator {
  return applyDecorators(
    documented(field, { type: String, format: 'email', maxLength: 254 }),
    ...optionality(field),
    normalise,
    IsEmail({ allow_utf8_local_part: false, blacklisted_chars: '"' }),
  );
}

/** One of the given values. */
export function Choice(values: readonly string[], field: FieldOptions = {}): PropertyDecorator {
  return applyDecorators(
    documented(field, { type: String, enum: [...values] }),
    ...optionality(field),
    IsIn([...values], { context: { allowed: values.join(', ') } }),
  );
}

/** A whole number within bounds. */
export function Whole(
  field: FieldOptions & { min?: number; max?: number; query?: boolean } = {},
): PropertyDecorator {
  const min = field.min ?? 0;
  const max = field.max ?? 1_000_000_000;
  return applyDecorators(
    documented(field, { type: 'integer', minimum: min, maximum: max }),
    ...optionality(field),
    ...(field.query ? [fromQuery] : []),
    IsInt(),
    Min(min, { context: { min } }),
    Max(max, { context: { max } }),
  );
}

/** An amount or measure, not below zero unless `min` says so. */
export function Amount(field: FieldOptions & { min?: number; max?: number } = {}): PropertyDecorator {
  const min = field.min ?? 0;
  const max = field.max ?? Number.MAX_SAFE_INTEGER;
  return applyDecorators(
    documented(field, { type: 'number', minimum: min, maximum: max }),
    ...optionality(field),
    IsNumber({ allowNaN: false, allowInfinity: false }),
    Min(min, { context: { min } }),
    Max(max, { context: { max } }),
  );
}

/** True or false; in a query `true` or `false`. */
export function Flag(field: FieldOptions & { query?: boolean } = {}): PropertyDecorator {
  return applyDecorators(
    documented(field, { type: Boolean }),
    ...optionality(field),
    ...(field.query
      ? [
          Transform(({ value }: { value: unknown }) =>
            value === 'true' ? true : value === 'false' ? false : value,
          ),
        ]
      : []),
    IsBoolean(),
  );
}

export const isObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object of the given class. */
export function Part(type: () => new () => object, field: FieldOptions = {}): PropertyDecorator {
  return applyDecorators(
    documented(field, { type: () => type() }),
    ...optionality(field),
    Type(type),
    checked('object', isObject),
    ValidateNested(),
  );
}

/** A list of objects of the given class, at most `max` (default 100). */
export function Parts(
  type: () => new () => object,
  field: FieldOptions & { max?: number } = {},
): PropertyDecorator {
  const max = field.max ?? 100;
  return applyDecorators(
    documented(field, { type: () => type(), isArray: true, maxItems: max }),
    ...optionality(field),
    Type(type),
    IsArray(),
    ArrayMaxSize(max, { context: { max } }),
    checked('objects', (value) => Array.isArray(value) && value.every(isObject)),
    ValidateNested({ each: true }),
  );
}

const fromQuery = Transform(({ value }: { value: unknown }) =>
  typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value,
);
