import { ApiProperty } from '@nestjs/swagger';
import { Choice, Code, Flag, Text, Whole } from '#libs/http/fields.decorator.js';
import { AtLeast } from '#libs/live/at-least.decorator.js';
import { nullable, nullableInstant, nullableText } from '#libs/http/nullable.js';
import { type Column, COLUMNS } from './columns.js';
import type { Grouping } from './summarise.js';

const EDGE = 'ISO 8601 with an offset, or a date, which means midnight at the desk';

/** A period by name, or from one instant to another. */
export class PeriodDto {
  @Text({ optional: true, max: 40, description: `First instant: ${EDGE}.`, example: '2024-01-01' })
  from?: string;
  @Text({
    optional: true,
    max: 40,
    description: `First instant after the period: ${EDGE}.`,
    example: '2024-07-01',
  })
  to?: string;
  @Text({
    optional: true,
    max: 10,
    description:
      'Instead of from and to: 2024-05, 2024-Q1, 2024-H1, 2024; with R in front, by the reporting year.',
  })
  period?: string;
  @Text({ optional: true, max: 60, description: 'IANA zone for dates and names of periods.' })
  zone?: string;
  @Code({ optional: true, description: 'Only dossiers that this unit accepted.' })
  unit?: string;
  @AtLeast()
  atLeast?: number;
}

export class ReportQueryDto extends PeriodDto {
  @Choice(['procedure', 'field'], { optional: true, description: 'What a row is; default: procedure.' })
  by?: Grouping;
  @Choice(['json', 'csv', 'xlsx'], { optional: true, description: 'Default: json.' })
  format?: 'json' | 'csv' | 'xlsx';
  @Flag({ optional: true, query: true, description: 'Refuse unless every event of the log is counted.' })
  final?: boolean;
}

export class DossiersQueryDto extends PeriodDto {
  @Choice(COLUMNS, { description: 'Number of the column.', example: '10' })
  column!: Column;
  @Text({ optional: true, max: 200 })
  field?: string;
  @Code({ optional: true })
  procedure?: string;
  @Text({ optional: true, max: 500, description: '`next` of the page before.' })
  cursor?: string;
  @Whole({ optional: true, min: 1, max: 1000, query: true, description: 'Default: 100.' })
  limit?: number;
}

export class PageQueryDto {
  @AtLeast()
  atLeast?: number;
  @Text({ optional: true, max: 500, description: '`next` of the page before.' })
  cursor?: string;
  @Whole({ optional: true, min: 1, max: 1000, query: true, description: 'Default: 100.' })
  limit?: number;
}

const columns = {
  type: 'object',
  properties: Object.fromEntries(COLUMNS.map((column) => [column, { type: 'integer', minimum: 0 }])),
  required: [...COLUMNS],
  example: { 3: 130, 4: 110, 5: 7, 6: 13, 7: 119, 8: 100, 9: 19, 10: 0, 11: 11, 12: 11, 13: 0 },
} as never;
const share = nullable({ type: 'number', minimum: 0, maximum: 1 }, { example: 1 });

class RowDto {
  @ApiProperty({ example: 'Đầu tư tại Việt Nam' })
  field!: string;
  @ApiProperty(nullableText())
  procedure!: string | null;
  @ApiProperty(columns)
  columns!: Record<string, number>;
}

class RatesDto {
  @ApiProperty(share)
  claimed!: number | null;
  @ApiProperty(share)
  recorded!: number | null;
  @ApiProperty({ type: 'integer' })
  resolved!: number;
  @ApiProperty({ type: 'integer' })
  onTimeClaimed!: number;
  @ApiProperty({ type: 'integer' })
  onTimeRecorded!: number;
  @ApiProperty({ type: 'integer' })
  recordedAtImport!: number;
}

class LagDto {
  @ApiProperty({
    type: 'integer',
    description: 'Events that are not in it yet; 1000 means as many or more.',
    example: 0,
  })
  events!: number;
  @ApiProperty({ type: 'number', example: 0 })
  seconds!: number;
}

/** `ReportII06a`, as the API documents it. */
export class ReportDto {
  @ApiProperty({ example: 'II.06a' })
  form!: string;
  @ApiProperty({ type: String, format: 'date-time' })
  from!: string;
  @ApiProperty({ type: String, format: 'date-time' })
  to!: string;
  @ApiProperty({
    type: 'integer',
    description: 'Every event of the log up to here is counted, none after it.',
  })
  position!: number;
  @ApiProperty({ type: () => RowDto, isArray: true })
  rows!: RowDto[];
  @ApiProperty(columns)
  total!: Record<string, number>;
  @ApiProperty({ type: () => RatesDto })
  rates!: RatesDto;
  @ApiProperty({ type: () => LagDto })
  lag!: LagDto;
}

class DossierBehindDto {
  @ApiProperty({ example: 'H54.12-240115-0001' })
  code!: string;
  @ApiProperty({ example: 'H54.12' })
  unit!: string;
  @ApiProperty({ example: 'Đầu tư tại Việt Nam' })
  field!: string;
  @ApiProperty({ example: '1.009645' })
  procedure!: string;
  @ApiProperty({ example: 'online' })
  channel!: string;
  @ApiProperty({ type: String, format: 'date-time' })
  acceptedAt!: string;
  @ApiProperty(nullableInstant())
  dueAt!: string | null;
  @ApiProperty(nullableInstant())
  endedAt!: string | null;
  @ApiProperty(nullable({ type: 'string', enum: ['before', 'on', 'late'] }, { example: 'on' }))
  endClass!: string | null;
  @ApiProperty({ type: [String], example: ['end_exactly_at_due'] })
  needsExplanation!: string[];
}

export class DossiersPageDto {
  @ApiProperty({ type: () => DossierBehindDto, isArray: true })
  items!: DossierBehindDto[];
  @ApiProperty(nullableText({ description: 'Cursor of the next page; null on the last.' }))
  next!: string | null;
}

class NeedsExplanationDto {
  @ApiProperty({ example: 'H54.12-240115-0001' })
  code!: string;
  @ApiProperty({ type: [String], example: ['ended_before_accepted'] })
  reasons!: string[];
}

export class NeedsExplanationPageDto {
  @ApiProperty({ type: () => NeedsExplanationDto, isArray: true })
  items!: NeedsExplanationDto[];
  @ApiProperty(nullableText({ description: 'Cursor of the next page; null on the last.' }))
  next!: string | null;
}
