import { ApiProperty } from '@nestjs/swagger';
import { Code, Whole } from '#libs/http/fields.decorator.js';
import { nullable, nullableInstant, nullableText } from '#libs/http/nullable.js';
import { AtLeast } from '#libs/live/at-least.decorator.js';
import { CELLS } from './known.js';

const CHANCES = ['likely', 'possible', 'unlikely'] as const;
const WORKING_SECONDS = 'Working seconds.';

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
  @Whole({ optional: true, min: 0, max: 50, query: true, description: 'Codes in a group; 5 if left out.' })
  limit: number = 5;
  @AtLeast()
  atLeast?: number;
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

export class DueDossierDto {
  @ApiProperty({ example: 'H54.12-240115-0001' })
  code!: string;
  @ApiProperty({ type: String, format: 'date-time' })
  dueAt!: string;
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

export class ChancesDto {
  @ApiProperty({ type: 'integer' })
  likely!: number;
  @ApiProperty({ type: 'integer' })
  possible!: number;
  @ApiProperty({ type: 'integer' })
  unlikely!: number;
  @ApiProperty({ type: 'integer' })
  unknown!: number;
}

class GroupDto {
  @ApiProperty({ example: 'H54.12' })
  unit!: string;
  @ApiProperty(nullableText())
  official!: string | null;
  @ApiProperty({ type: 'integer' })
  count!: number;
  @ApiProperty({
    description: 'All of them, as a list; where no official is in charge, those of the whole unit.',
    example: '/api/dossiers?overdueAt=2024-03-11T02%3A00%3A00.000Z&unit=H54.12',
  })
  list!: string;
}

export class DueGroupDto extends GroupDto {
  @ApiProperty({ type: String, format: 'date', example: '2024-03-12' })
  date!: string;
  @ApiProperty({ type: () => ChancesDto })
  chances!: ChancesDto;
  @ApiProperty({ type: () => DueDossierDto, isArray: true })
  dossiers!: DueDossierDto[];
}

export class LateDossierDto {
  @ApiProperty({ example: 'H54.12-240115-0001' })
  code!: string;
  @ApiProperty({ type: String, format: 'date-time', description: 'Late since then.' })
  dueAt!: string;
  @ApiProperty(
    nullable(
      { type: 'number' },
      { description: `${WORKING_SECONDS} Until now, or until its clock stopped.`, example: 14400 },
    ),
  )
  lateWorkingSeconds!: number | null;
  @ApiProperty({ type: String, enum: ['running', 'paused', 'none'] })
  clock!: string;
}

export class LateGroupDto extends GroupDto {
  @ApiProperty({ type: () => LateDossierDto, isArray: true })
  dossiers!: LateDossierDto[];
}

export class StillDossierDto {
  @ApiProperty({ example: 'H54.12-240115-0001' })
  code!: string;
  @ApiProperty(nullableInstant())
  since!: string | null;
  @ApiProperty({ type: String, enum: ['running', 'paused', 'none'] })
  clock!: string;
}

export class StillGroupDto extends GroupDto {
  @ApiProperty({ example: 'supplement_requested' })
  state!: string;
  @ApiProperty({ type: () => StillDossierDto, isArray: true })
  dossiers!: StillDossierDto[];
}

/** `Outlook`, as the API documents it. */
export class OutlookDto {
  @ApiProperty({ type: String, format: 'date-time' })
  asOf!: string;
  @ApiProperty({ type: 'integer', description: 'Every event of the log up to here is in this answer.' })
  position!: number;
  @ApiProperty({ type: () => DueGroupDto, isArray: true, description: 'Not late yet, by date.' })
  due!: DueGroupDto[];
  @ApiProperty({ type: () => LateGroupDto, isArray: true })
  late!: LateGroupDto[];
  @ApiProperty({ type: () => StillGroupDto, isArray: true, description: 'Wait for the applicant.' })
  still!: StillGroupDto[];
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
