import { ApiProperty } from '@nestjs/swagger';
import { nullable, nullableInstant, nullableText } from '#libs/http/nullable.js';

class NotedFindingDto {
  @ApiProperty({ type: String, enum: ['changed', 'moved', 'missing_before', 'cut_off'] })
  kind!: string;
  @ApiProperty({
    type: 'integer',
    description: 'Place in the whole log; for `cut_off` where the log ended before.',
  })
  position!: number;
  @ApiProperty(nullableText({ example: 'dossier-H54.12-240115-0001' }))
  stream!: string | null;
  @ApiProperty(nullable({ type: 'integer' }, { example: 3 }))
  revision!: number | null;
  @ApiProperty(nullableText())
  id!: string | null;
  @ApiProperty(nullableText({ example: 'DossierAccepted' }))
  type!: string | null;
}

export class VerificationDto {
  @ApiProperty({ type: 'integer', example: 12 })
  id!: number;
  @ApiProperty({
    example: 'postgresql',
    description: 'What the log lies in; or `read-trace`: the trace of reads, whose entries are its `events`.',
  })
  engine!: string;
  @ApiProperty({ type: 'string', format: 'date-time', example: '2024-03-11T19:30:00.000Z' })
  startedAt!: string;
  @ApiProperty(
    nullableInstant({
      description: 'Null while it runs, and for ever when it was broken off.',
      example: null,
    }),
  )
  endedAt!: string | null;
  @ApiProperty(nullable({ type: 'integer' }, { example: 3120 }))
  events!: number | null;
  @ApiProperty(nullable({ type: 'integer' }, { example: 480 }))
  streams!: number | null;
  @ApiProperty(nullable({ type: 'integer' }, { example: 3120, description: 'Of the last event.' }))
  position!: number | null;
  @ApiProperty(nullable({ type: 'integer' }, { example: 0 }))
  findingsCount!: number | null;
  @ApiProperty({ type: () => NotedFindingDto, isArray: true, description: 'The first 50 of them.' })
  findings!: NotedFindingDto[];
}

export class VerificationListDto {
  @ApiProperty({ type: () => VerificationDto, isArray: true })
  items!: VerificationDto[];
}
