import { ApiProperty, ApiPropertyOptional, getSchemaPath, OmitType } from '@nestjs/swagger';
import { nullable, nullableInstant, nullableText } from '#libs/http/nullable.js';
import type { PartName } from '#libs/personal-data/sealed.js';
import { PartyDto } from '../http/party.dto.js';
import { REMINDER_TOPICS } from '#libs/reference/reminder-rules.js';
import { PROPOSED_STEPS } from '../proposals/changes.js';
import { CommandAnswerDto } from '../commands/answer.dto.js';

export class TimelineEntryDto {
  @ApiProperty({ type: 'integer', example: 0 })
  revision!: number;
  @ApiProperty({ type: 'integer', example: 57 })
  position!: number;
  @ApiProperty({ example: 'DossierAccepted' })
  type!: string;
  @ApiProperty({ format: 'date-time', description: 'When it happened, as claimed.' })
  occurredAt!: string;
  @ApiProperty({ format: 'date-time', description: 'When the store took it.' })
  recordedAt!: string;
  @ApiProperty({ example: 'clerk-1' })
  actor!: string;
  @ApiPropertyOptional({
    description: 'Account whose rights the actor used, lent to him.',
    example: 'clerk-2',
  })
  onBehalfOf?: string;
  @ApiProperty({ type: 'object', additionalProperties: true, example: { toUnit: 'QLDT', toOfficial: null } })
  data!: object;
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'Names, papers, reasons, notes, agencies, as far as they can be read.',
  })
  personal?: object;
  @ApiPropertyOptional({
    type: Boolean,
    enum: [true],
    description: 'Some of it, or all, was about a person who is erased: nobody can read it any more.',
  })
  erased?: true;
  @ApiPropertyOptional({
    type: String,
    isArray: true,
    enum: ['applicant', 'submitter', 'rest'],
    description: 'Parts that cannot be read though nobody erased them: changed, or sealed under another key.',
  })
  damaged?: PartName[];
  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  source?: object;
  @ApiProperty({ description: 'Chained to the event before it.', example: 'a3f1…' })
  hash!: string;
}

export class WaitingChangeDto {
  @ApiProperty({ description: 'Named in the approval or refusal.', example: 'p2' })
  proposal!: string;
  @ApiProperty({ type: String, enum: PROPOSED_STEPS, example: 'extend' })
  step!: string;
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    example: { newDueAt: '2024-02-15T02:30:00.000Z', apologyNumber: 'PXL-2024/017' },
  })
  input!: object;
  @ApiProperty({ description: 'Account; another one must approve.', example: 'clerk-1' })
  proposedBy!: string;
  @ApiProperty({ format: 'date-time', description: 'As claimed.' })
  proposedAt!: string;
}

class AlertDto {
  @ApiProperty({ type: String, enum: REMINDER_TOPICS, example: 'result' })
  topic!: string;
  @ApiProperty({ format: 'date-time', description: 'The due instant that its reminders named.' })
  dueAt!: string;
}

class SubjectsDto {
  @ApiProperty(nullableText({ description: 'Id by which the applicant’s data can be erased.' }))
  applicant!: string | null;
  @ApiProperty(nullableText())
  submitter!: string | null;
}

/** `DossierView`, as the API documents it. */
export class DossierViewDto extends OmitType(CommandAnswerDto, ['position', 'recordedAt'] as const) {
  @ApiProperty({ example: 'H54.12' })
  unit!: string;
  @ApiProperty(nullableText())
  official!: string | null;
  @ApiProperty({ example: 'online' })
  channel!: string;
  @ApiProperty({ example: '1.009664' })
  procedure!: string;
  @ApiProperty({ example: 'default' })
  case!: string;
  @ApiProperty(
    nullable({ $ref: getSchemaPath(PartyDto) }, { description: 'Null if unknown, erased or damaged.' }),
  )
  applicant!: PartyDto | null;
  @ApiProperty(
    nullable({ $ref: getSchemaPath(PartyDto) }, { description: 'Who brought it, if somebody else.' }),
  )
  submitter!: PartyDto | null;
  @ApiProperty({ type: () => SubjectsDto })
  subjects!: SubjectsDto;
  @ApiProperty({ description: 'True if applicant or submitter was known and is erased.' })
  erased!: boolean;
  @ApiProperty({ description: 'True if applicant or submitter was known and cannot be read.' })
  damaged!: boolean;
  @ApiProperty(nullableText())
  formerCode!: string | null;
  @ApiProperty(
    nullable(
      { type: 'object', additionalProperties: true },
      { description: 'Versions it was accepted under.' },
    ),
  )
  terms!: object | null;
  @ApiProperty(nullableInstant())
  registeredAt!: string | null;
  @ApiProperty(nullableInstant())
  answerDueAt!: string | null;
  @ApiProperty(nullableText({ example: 'computed' }))
  dueBasis!: string | null;
  @ApiProperty({ type: String, enum: ['none', 'running', 'stopped', 'ended'] })
  clock!: string;
  @ApiProperty(nullableInstant())
  endedAt!: string | null;
  @ApiProperty(nullableInstant())
  returnedAt!: string | null;
  @ApiProperty({ type: String, isArray: true })
  openConsultations!: string[];
  @ApiProperty({
    type: () => WaitingChangeDto,
    isArray: true,
    description: 'Changes that wait for a second person.',
  })
  proposals!: WaitingChangeDto[];
  @ApiProperty({
    type: () => AlertDto,
    isArray: true,
    description: 'What nobody is reminded of any more.',
  })
  cancelledAlerts!: AlertDto[];
  @ApiProperty({ description: 'True under a legal hold: its personal data must not be erased.' })
  held!: boolean;
  @ApiProperty({ description: 'True if the import that brought it was taken back.' })
  reversed!: boolean;
  @ApiProperty({ type: () => TimelineEntryDto, isArray: true })
  timeline!: TimelineEntryDto[];
}
