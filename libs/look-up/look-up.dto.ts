import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';
import { nullable, nullableInstant, nullableText } from '#libs/http/nullable.js';
import { STATUS_CODES } from '#libs/dossier/dossier.js';

const LONGEST = 200;

/** Any text is taken: what cannot be a code or a secret is answered as what is none. */
export class LookUpBody {
  @ApiProperty({ maxLength: LONGEST, description: 'As on the receipt.', example: 'H54.12-240115-0001' })
  @IsString()
  @MaxLength(LONGEST, { context: { max: LONGEST } })
  code!: string;
  @ApiProperty({
    maxLength: LONGEST,
    description: 'As on the receipt; small letters, blanks and dashes do not matter.',
    example: '7Q4K-0M2X-9TBD',
  })
  @IsString()
  @MaxLength(LONGEST, { context: { max: LONGEST } })
  secret!: string;
}

export class BothWordsDto {
  @ApiProperty({ example: 'Đang giải quyết' })
  vi!: string;
  @ApiProperty({ example: 'In processing' })
  en!: string;
}

export class NamedUnitDto {
  @ApiProperty({ example: 'H54.12' })
  code!: string;
  @ApiProperty(nullable({ $ref: getSchemaPath(BothWordsDto) }))
  name!: BothWordsDto | null;
}

class LookedUpStepDto {
  @ApiProperty({ type: () => BothWordsDto })
  name!: BothWordsDto;
  @ApiProperty({ type: String, format: 'date-time', example: '2024-01-15T02:30:00.000Z' })
  at!: string;
  @ApiProperty({ type: () => NamedUnitDto })
  unit!: NamedUnitDto;
}

/** `LookedUp`, as the API documents it. */
@ApiExtraModels(BothWordsDto)
export class LookedUpDto {
  @ApiProperty({ example: 'H54.12-240115-0001' })
  code!: string;
  @ApiProperty({ type: String, enum: Object.keys(STATUS_CODES), example: 'processing' })
  state!: string;
  @ApiProperty({ type: 'integer', description: 'National code of the state, 1 to 10.', example: 4 })
  stateCode!: number;
  @ApiProperty({ type: () => BothWordsDto })
  stateName!: BothWordsDto;
  @ApiProperty({ type: () => NamedUnitDto })
  unit!: NamedUnitDto;
  @ApiProperty(nullableInstant())
  registeredAt!: string | null;
  @ApiProperty(nullableInstant({ example: '2024-01-15T02:30:00.000Z' }))
  acceptedAt!: string | null;
  @ApiProperty(nullableInstant({ example: '2024-01-29T02:30:00.000Z' }))
  dueAt!: string | null;
  @ApiProperty({ description: 'The legal clock stands still; the due instant will be reckoned anew.' })
  paused!: boolean;
  @ApiProperty(nullableInstant())
  endedAt!: string | null;
  @ApiProperty(nullableInstant())
  returnedAt!: string | null;
  @ApiProperty(
    nullable(
      { $ref: getSchemaPath(BothWordsDto) },
      { description: 'What the desk waits for from the applicant.' },
    ),
  )
  waitingFor!: BothWordsDto | null;
  @ApiProperty(nullableText({ description: 'Zone of the desk.', example: 'Asia/Ho_Chi_Minh' }))
  zone!: string | null;
  @ApiProperty({ type: () => LookedUpStepDto, isArray: true })
  steps!: LookedUpStepDto[];
}
