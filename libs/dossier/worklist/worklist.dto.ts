import { ApiProperty } from '@nestjs/swagger';
import { nullableInstant, nullableText } from '#libs/http/nullable.js';
import { PROPOSED_STEPS } from '../proposals/changes.js';
import { STATUS_CODES } from '../dossier.js';

export class WaitingDto {
  @ApiProperty({ example: 'p2' })
  proposal!: string;
  @ApiProperty({ type: String, enum: PROPOSED_STEPS, example: 'extend' })
  step!: string;
}

export class WorklistItemDto {
  @ApiProperty({ example: 'H54.12-240115-0001' })
  code!: string;
  @ApiProperty({ type: String, enum: Object.keys(STATUS_CODES) })
  state!: string;
  @ApiProperty({ example: 'H54.12' })
  unit!: string;
  @ApiProperty(nullableText())
  official!: string | null;
  @ApiProperty({ example: '1.009664' })
  procedure!: string;
  @ApiProperty(nullableText())
  field!: string | null;
  @ApiProperty({ example: 'online' })
  channel!: string;
  @ApiProperty(nullableInstant())
  registeredAt!: string | null;
  @ApiProperty(nullableInstant())
  acceptedAt!: string | null;
  @ApiProperty(nullableInstant())
  dueAt!: string | null;
  @ApiProperty({ type: String, enum: ['running', 'paused', 'none', 'ended'] })
  clock!: string;
  @ApiProperty(nullableInstant())
  pausedAt!: string | null;
  @ApiProperty(nullableInstant())
  endedAt!: string | null;
  @ApiProperty(nullableText())
  applicant!: string | null;
  @ApiProperty(nullableText())
  submitter!: string | null;
  @ApiProperty({
    description: 'True if applicant or submitter was named and is erased: then the name is null.',
  })
  erased!: boolean;
  @ApiProperty({
    description: 'True if applicant or submitter was named and cannot be read, though nobody erased them.',
  })
  damaged!: boolean;
  @ApiProperty(nullableText())
  formerCode!: string | null;
  @ApiProperty({ type: () => WaitingDto, isArray: true, description: 'Wait for a second person.' })
  proposals!: WaitingDto[];
  @ApiProperty()
  imported!: boolean;
  @ApiProperty({ type: 'integer' })
  revision!: number;
  @ApiProperty({ type: 'integer' })
  position!: number;
}

/** `WorklistPage`, as the API documents it. */
export class WorklistPageDto {
  @ApiProperty({ type: () => WorklistItemDto, isArray: true })
  items!: WorklistItemDto[];
  @ApiProperty(nullableText({ description: 'Cursor of the next page; null on the last.' }))
  next!: string | null;
  @ApiProperty({ type: 'integer', description: 'Every event of the log up to here is in this answer.' })
  position!: number;
}
