import { ApiProperty, getSchemaPath } from '@nestjs/swagger';
import { Choice, Code, Text } from '#libs/http/fields.decorator.js';
import { nullable, nullableInstant, nullableText } from '#libs/http/nullable.js';
import type { ErasureBasis } from '#libs/personal-data/person.events.js';

const SUBJECT = '7d7c1f0a-3c2e-5b52-9a43-1f0b6a2d9e11';

export class ProposeErasureBody {
  @Choice(['request', 'retention'], {
    description: 'The person asked for it, or the period of retention is over.',
    example: 'request',
  })
  basis!: ErasureBasis;
  @Code({ description: 'Number of the request, or of the office’s decision.', example: 'YC-2026/07' })
  form!: string;
  @Text({ max: 2000, example: 'Đơn đề nghị xoá dữ liệu cá nhân' })
  reason!: string;
}

export class ApproveErasureBody {
  @Code({ description: 'Which proposal.', example: 'e0' })
  proposal!: string;
}

export class RefuseErasureBody extends ApproveErasureBody {
  @Text({ max: 2000, example: 'Chưa đủ căn cứ' })
  reason!: string;
}

export class ErasureAnswerDto {
  @ApiProperty({ format: 'uuid', example: SUBJECT })
  subject!: string;
  @ApiProperty(nullableText({ description: 'The proposal that waits for a second person.', example: 'e0' }))
  proposal!: string | null;
  @ApiProperty(nullableInstant())
  erasedAt!: string | null;
  @ApiProperty({ type: 'integer', example: 0 })
  revision!: number;
  @ApiProperty({ type: 'integer', example: 812 })
  position!: number;
  @ApiProperty({ format: 'date-time' })
  recordedAt!: string;
}

export class OpenErasureDto {
  @ApiProperty({ example: 'e0' })
  proposal!: string;
  @ApiProperty({ type: String, enum: ['request', 'retention'] })
  basis!: string;
  @ApiProperty({ example: 'YC-2026/07' })
  form!: string;
  @ApiProperty({ example: 'supervisor' })
  proposedBy!: string;
  @ApiProperty({ format: 'date-time' })
  proposedAt!: string;
  @ApiProperty({ required: false, description: 'Account that lent the proposer his right.' })
  onBehalfOf?: string;
}

export class WaitingErasureDto extends OpenErasureDto {
  @ApiProperty({ format: 'uuid', example: SUBJECT })
  subject!: string;
}

export class WaitingErasuresDto {
  @ApiProperty({ type: () => WaitingErasureDto, isArray: true })
  items!: WaitingErasureDto[];
}

class BarDto {
  @ApiProperty({ example: 'H54.12-240115-0001' })
  code!: string;
  @ApiProperty({ type: String, enum: ['open', 'held', 'kept', 'clear'] })
  why!: string;
  @ApiProperty({ format: 'date-time', required: false, description: 'With `kept`: until when.' })
  until?: string;
}

/** `Person`, as the API documents it. */
export class PersonDto {
  @ApiProperty({ format: 'uuid', example: SUBJECT })
  subject!: string;
  @ApiProperty({ type: String, isArray: true, description: 'Dossiers that hold data of this person.' })
  dossiers!: string[];
  @ApiProperty({ type: () => BarDto, isArray: true, description: 'What stands against an erasure now.' })
  bars!: BarDto[];
  @ApiProperty(nullableInstant({ description: 'Since when the law wants it erased; null if it does not.' }))
  dueSince!: string | null;
  @ApiProperty(nullable({ $ref: getSchemaPath(OpenErasureDto) }))
  open!: OpenErasureDto | null;
  @ApiProperty(nullableInstant())
  erasedAt!: string | null;
}

class DueForErasureDto {
  @ApiProperty({ format: 'uuid', example: SUBJECT })
  subject!: string;
  @ApiProperty({ format: 'date-time', description: 'End of the last period of retention.' })
  since!: string;
  @ApiProperty({ type: String, isArray: true })
  dossiers!: string[];
}

export class DuePageDto {
  @ApiProperty({ type: () => DueForErasureDto, isArray: true })
  items!: DueForErasureDto[];
  @ApiProperty(nullableText({ description: '`after` of the next page; null on the last.' }))
  next!: string | null;
}
