import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions, ApiSchema } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ValidateBy } from 'class-validator';
import { Choice } from '#libs/http/fields.decorator.js';
import type { Role, Units } from '../principal.js';
import { ROLES } from '../principal.js';

export const UNITS_SCHEMA: ApiPropertyOptions = {
  oneOf: [
    { type: 'string', enum: ['all'] },
    { type: 'array', minItems: 1, maxItems: 100, items: { type: 'string', minLength: 1, maxLength: 100 } },
  ],
  description: 'Codes of units, or "all".',
  example: ['H54.12'],
};

const composed = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map((each: unknown) => (typeof each === 'string' ? each.normalize('NFC') : each))
    : value;
const isUnits = (value: unknown): boolean =>
  value === 'all' || (Array.isArray(value) && value.every((each) => typeof each === 'string'));

/** Codes of units, or `all`. What a code may be is for the decision to say. */
export const UnitsField = (): PropertyDecorator =>
  applyDecorators(
    ApiProperty(UNITS_SCHEMA),
    Transform(({ value }: { value: unknown }) => composed(value)),
    ValidateBy({ name: 'units', validator: { validate: isUnits, defaultMessage: () => 'units' } }),
  );

export class GrantDto {
  @Choice(ROLES, { example: 'clerk' })
  role!: Role;

  @UnitsField()
  units!: Units;
}

/** A grant as it is now, own or lent. */
export class HeldGrantDto {
  @ApiProperty({ type: String, enum: [...ROLES], example: 'clerk' })
  role!: Role;

  @ApiProperty(UNITS_SCHEMA)
  units!: Units;

  @ApiProperty({ type: String, required: false, description: 'Account that lent it.', example: 'clerk-2' })
  lentBy?: string;

  @ApiProperty({
    ...{ type: String, format: 'date-time', required: false, example: '2024-03-31T17:00:00.000Z' },
    description: 'No longer from then on.',
  })
  until?: string;
}

/** A body without members: `{}`. */
@ApiSchema({ description: 'Nothing: `{}`.' })
export class NothingDto {}
