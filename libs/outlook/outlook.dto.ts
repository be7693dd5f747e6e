import { ApiProperty } from '@nestjs/swagger';
import { DEFAULT_LIMIT, MAX_LIMIT } from '#libs/dossier/worklist/filter.js';
import { Choice, Code, Instant, Text, Whole } from '#libs/http/fields.decorator.js';
import { nullable, nullableInstant, nullableText } from '#libs/http/nullable.js';
import { AtLeast } from '#libs/live/at-least.decorator.js';
import { CHANCES } from './check-part.js';
import { CELLS } from './known.js';
import { type Kind, KINDS } from './outlook.js';

const WORKING_SECONDS = 'Working seconds.';
const PART =
  'Of `due` the date, of `still` the state, of `forecast` likely, possible, unlikely or unknown; none of `late`.';
const seconds = (description: string) =>
  nullable({ type: 'number' }, { description: `${WORKING_SECONDS} ${description}`, example: 14400 });

export class OutlookQueryDto {
  @Whole({
    optional: true,
    min: 0,
    max: 30,
    query: true,
    description: 'Working days ahead by the calendar of each unit, today not counted; 5 if left out.',
  })
  days: number = 5;
  @Code({ optional: true, description: 'Unit that has them now.' })
  unit?: string;
  @AtLeast()
  atLeast?: number;
}

export class OutlookPageQueryDto extends OutlookQueryDto {
  @Choice(KINDS, { description: 'Which groups.' })
  kind!: Kind;
  @Code({ optional: true, description: PART })
  part?: string;
  @Code({ optional: true, description: 'Account of the official in charge.' })
  official?: string;
  @Choice(['no'], { optional: true, description: 'No official is in charge; goes before `official`.' })
  assigned?: 'no';
  @Instant({ optional: true, description: 'Late, due and spent as of then; now if left out or not yet.' })
  asOf?: string;
  @Whole({ optional: true, min: 1, max: MAX_LIMIT, query: true })
  limit: number = DEFAULT_LIMIT;
  @Text({ optional: true, max: 500, description: '`next` of the page before.' })
  cursor?: string;
}

export class QualityQueryDto {
  @Code({ optional: true, description: 'Code of the procedure.' })
  procedure?: string;
  @AtLeast()
  atLeast?: number;
}

export class ForecastDto {
  @ApiProperty({ type: 'integer', description: 'Finished dossiers that it rests on.', example: 120 })
  cases!: number;
  @ApiProperty({ description: `${WORKING_SECONDS} Half of them took no longer from there to the end.` })
  median!: number;
  @ApiProperty({ description: `${WORKING_SECONDS} Nine of ten took no longer.` })
  p90!: number;
  @ApiProperty({ description: `${WORKING_SECONDS} From the entry into where it is now to the due instant.` })
  left!: number;
}

class GroupDto {
  @ApiProperty({ type: String, enum: KINDS })
  kind!: Kind;
  @ApiProperty(nullableText({ description: PART, example: '2024-03-12' }))
  part!: string | null;
  @ApiProperty({ example: 'H54.12' })
  unit!: string;
  @ApiProperty(nullableText())
  official!: string | null;
  @ApiProperty({ type: 'integer' })
  count!: number;
  @ApiProperty(
    nullableInstant({
      description: 'The earliest of them: when it is due, or since when it is late or stands still.',
    }),
  )
  first!: string | null;
  @ApiProperty({
    description: 'These very dossiers.',
    example: '/api/outlook/dossiers?kind=late&asOf=2024-03-11T02%3A00%3A00.000Z&days=5&unit=H54.12',
  })
  list!: string;
}

/** `Outlook`, as the API documents it. */
export class OutlookDto {
  @ApiProperty({ type: String, format: 'date-time' })
  asOf!: string;
  @ApiProperty({ type: 'integer', description: 'Every event of the log up to here is in this answer.' })
  position!: number;
  @ApiProperty({ type: () => GroupDto, isArray: true, description: 'A dossier may be in several kinds.' })
  groups!: GroupDto[];
}

class OutlookDossierDto {
  @ApiProperty({ example: 'H54.12-240115-0001' })
  code!: string;
  @ApiProperty({ example: 'H54.12' })
  unit!: string;
  @ApiProperty(nullableText())
  official!: string | null;
  @ApiProperty({ example: '1.009661' })
  procedure!: string;
  @ApiProperty({ example: 'processing' })
  state!: string;
  @ApiProperty({ type: String, enum: ['running', 'paused', 'none'] })
  clock!: string;
  @ApiProperty(nullableInstant({ description: 'When it came where it is, or its clock stopped.' }))
  since!: string | null;
  @ApiProperty(nullableInstant())
  dueAt!: string | null;
  @ApiProperty(seconds('Since it came where it is; null if its clock does not run.'))
  spent!: number | null;
  @ApiProperty(seconds('Since it was due, until now or until its clock stopped; null if it is not late.'))
  late!: number | null;
  @ApiProperty(
    nullable(
      { type: 'string', enum: [...CHANCES] },
      { description: 'Null where too few are finished to say anything.', example: 'possible' },
    ),
  )
  willBeLate!: string | null;
  @ApiProperty(nullable({ $ref: '#/components/schemas/ForecastDto' }))
  forecast!: ForecastDto | null;
}

/** `OutlookPage`, as the API documents it. */
export class OutlookPageDto {
  @ApiProperty({ type: () => OutlookDossierDto, isArray: true })
  items!: OutlookDossierDto[];
  @ApiProperty(nullableText({ description: 'Cursor of the next page; null if this is the last one.' }))
  next!: string | null;
  @ApiProperty({ type: 'integer' })
  position!: number;
}

/** `ForecastQuality`, as the API documents it. */
export class ForecastQualityDto {
  @ApiProperty({ type: 'integer' })
  position!: number;
  @ApiProperty({ type: 'integer' })
  fewestCases!: number;
  @ApiProperty({ type: 'integer' })
  mostCases!: number;
  @ApiProperty({
    type: 'array',
    description: 'Resolved dossiers by what was forecast of them, and whether they were late.',
    items: {
      type: 'object',
      required: ['procedure', ...CELLS],
      properties: {
        procedure: { type: 'string' },
        ...Object.fromEntries(CELLS.map((cell) => [cell, { type: 'integer' }])),
      },
    },
  })
  procedures!: object[];
}
