import { ApiProperty } from '@nestjs/swagger';
import type { LimitUnit } from '#libs/calendar/calendar.js';
import { CalendarDate, Choice, Text, Whole } from '#libs/http/fields.decorator.js';
import { LIMIT_UNITS } from './checks.js';

/** What every body that publishes a version has. */
export class ValidityDto {
  @CalendarDate({ description: 'First day on which it holds (date of the desk)', example: '2026-01-01' })
  validFrom!: string;

  @CalendarDate({ description: 'Last day; leave out if open', example: '2026-12-31', optional: true })
  validTo?: string;

  @Text({ description: 'Where it is laid down', example: 'Thông báo 5034/TB-LĐTBXH', max: 2000 })
  source!: string;
}

export class LimitDto {
  @Whole({ description: 'How much', example: 15, min: 1 })
  value!: number;

  @Choice(LIMIT_UNITS, { description: 'Of what', example: 'working_day' })
  unit!: LimitUnit;
}

/** Answer to a publication. */
export class PublicationDto {
  @ApiProperty({ description: 'Number of the version that holds the content', example: 2 })
  version!: number;

  @ApiProperty({
    description: '`unchanged`: it was in force already; `repeated`: this key published it before',
    enum: ['published', 'unchanged', 'repeated'],
    example: 'published',
  })
  outcome!: 'published' | 'unchanged' | 'repeated';
}

/** What every published version has. */
export class PublishedVersionDto {
  @ApiProperty({ type: 'integer', description: 'Counts up from 1', example: 1 })
  version!: number;

  @ApiProperty({ type: String, format: 'date', example: '2023-01-01' })
  validFrom!: string;

  @ApiProperty({ type: String, format: 'date', nullable: true, example: null })
  validTo!: string | null;

  @ApiProperty({ type: String, example: 'Thông báo 5034/TB-LĐTBXH' })
  source!: string;
}
