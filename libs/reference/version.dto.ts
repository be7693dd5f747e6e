import { ApiProperty } from '@nestjs/swagger';
import type { LimitUnit } from '#libs/calendar/calendar.js';
import { CalendarDate, Choice, Text, Whole } from '#libs/http/fields.decorator.js';
import { nullable } from '#libs/http/nullable.js';
import { LIMIT_UNITS } from './checks.js';
import type { Versioned } from './reference.events.js';

/** What every body that publishes a version has. */
export class ValidityDto {
  @CalendarDate({ description: 'First day on which it holds (date of the desk)', example: '2026-01-01' })
  validFrom!: string;

  @CalendarDate({ description: 'Last day; leave out if open', example: '2026-12-31', optional: true })
  validTo?: string;

  @Text({ description: 'Where it is laid down', example: 'Thông báo 5034/TB-LĐTBXH', max: 2000 })
  source!: string;
}

/** Dates and source as a version holds them; no last day is null. */
export function validityOf(body: ValidityDto): Omit<Versioned, 'version'> {
  return { validFrom: body.validFrom, validTo: body.validTo ?? null, source: body.source };
}

export class LimitDto {
  @Whole({ description: 'How much', example: 15, min: 1 })
  value!: number;

  @Choice(LIMIT_UNITS, { description: 'Of what', example: 'working_day' })
  unit!: LimitUnit;
}

/** What every published version has. */
export class PublishedVersionDto {
  @ApiProperty({ type: 'integer', description: 'Counts up from 1', example: 1 })
  version!: number;

  @ApiProperty({ type: String, format: 'date', example: '2023-01-01' })
  validFrom!: string;

  @ApiProperty(nullable({ type: 'string', format: 'date' }, { example: null }))
  validTo!: string | null;

  @ApiProperty({ type: String, example: 'Thông báo 5034/TB-LĐTBXH' })
  source!: string;
}
