import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import { nullable, nullableText } from '#libs/http/nullable.js';

export class LiveDto {
  @ApiProperty({ example: 'ok' })
  status!: string;
}

class PoisonedEventDto {
  @ApiProperty()
  id!: string;
  @ApiProperty()
  type!: string;
  @ApiProperty({ type: 'integer' })
  position!: number;
}

class ProjectionStatusDto {
  @ApiProperty({ example: 'worklist' })
  name!: string;
  @ApiProperty({ type: 'integer', example: 1 })
  version!: number;
  @ApiProperty({ type: 'integer', description: 'Folded up to here.', example: 57 })
  position!: number;
  @ApiProperty({ type: 'integer', description: 'End of the log.', example: 57 })
  head!: number;
  @ApiProperty({
    type: 'integer',
    description: 'Events that it has to fold; 1000 means as many or more.',
    example: 0,
  })
  lagEvents!: number;
  @ApiProperty({ type: 'number', required: false, example: 0 })
  lagSeconds?: number;
  @ApiProperty({ example: 'live' })
  status!: string;
  @ApiProperty({
    required: false,
    description:
      'The engine whose log its tables are still of, where it is not the one in use: reads are refused.',
  })
  tablesOf?: string;
  @ApiProperty(
    nullableText({
      description: 'The process that keeps it: host, process id and an id of its own; null if none does.',
      example: 'desk 4711 0b6f2f0e-1111-4222-8333-444455556666',
    }),
  )
  owner!: string | null;
  @ApiProperty({ description: 'Whether the process that answers keeps it.', example: true })
  ours!: boolean;
  @ApiProperty({ type: 'number', description: 'How long it has had no owner.', example: 0 })
  ownerlessSeconds!: number;
  @ApiProperty({
    type: () => PoisonedEventDto,
    required: false,
    description: 'The event it stopped in front of.',
  })
  poisonedEvent?: PoisonedEventDto;
  @ApiProperty({ required: false })
  error?: string;
}

class DependencyDto {
  @ApiProperty({ example: 'event-log' })
  name!: string;
  @ApiProperty({ required: false, example: 'postgresql' })
  engine?: string;
  @ApiProperty({ type: String, enum: ['ok', 'unavailable'] })
  status!: string;
  @ApiProperty({ type: 'number', description: 'How long the answer took.', example: 1.4 })
  milliseconds!: number;
}

class LastVerificationDto {
  @ApiProperty({ example: 'postgresql' })
  engine!: string;
  @ApiProperty({ type: String, format: 'date-time', example: '2024-03-11T19:30:00.000Z' })
  startedAt!: string;
  @ApiProperty({ type: String, format: 'date-time', example: '2024-03-11T19:30:04.000Z' })
  endedAt!: string;
  @ApiProperty({ type: 'integer', example: 3120 })
  events!: number;
  @ApiProperty({ type: 'integer', example: 3120 })
  position!: number;
  @ApiProperty({ type: 'integer', description: 'Anything but 0 is for an auditor.', example: 0 })
  findingsCount!: number;
}

@ApiExtraModels(LastVerificationDto)
export class ReadyDto {
  @ApiProperty({ type: String, enum: ['ok', 'degraded', 'unavailable', 'stopping'] })
  status!: string;
  @ApiProperty({ type: () => DependencyDto, isArray: true })
  dependencies!: DependencyDto[];
  @ApiProperty({ type: () => ProjectionStatusDto, isArray: true })
  projections!: ProjectionStatusDto[];
  @ApiProperty(
    nullable(
      { $ref: getSchemaPath(LastVerificationDto) },
      { required: false, description: 'Of the log; null before the first has ended.' },
    ),
  )
  lastVerification?: LastVerificationDto | null;
  @ApiProperty(
    nullable(
      { $ref: getSchemaPath(LastVerificationDto) },
      { required: false, description: 'Of the trace of reads; null before the first has ended.' },
    ),
  )
  lastTraceVerification?: LastVerificationDto | null;
}
