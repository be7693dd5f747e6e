import { ApiProperty } from '@nestjs/swagger';
import { nullableInstant } from '#libs/http/nullable.js';
import { STATUS_CODES, type Status } from '../dossier.js';
import { STEPS } from '../steps.js';
import type { CommandAnswer, OpeningAnswer } from './answer.js';

/** `CommandAnswer`, as the API documents it. */
export class CommandAnswerDto implements CommandAnswer {
  @ApiProperty({ example: 'H54.12-240115-0001' })
  code!: string;
  @ApiProperty({ type: String, enum: Object.keys(STATUS_CODES), example: 'accepted' })
  status!: Status;
  @ApiProperty({ type: 'integer', description: 'National code of the state, 1 to 10.', example: 2 })
  statusCode!: number;
  @ApiProperty(nullableInstant({ example: '2024-01-15T02:30:00.000Z' }))
  acceptedAt!: string | null;
  @ApiProperty(nullableInstant({ example: '2024-01-29T02:30:00.000Z' }))
  dueAt!: string | null;
  @ApiProperty({ type: String, isArray: true, enum: Object.keys(STEPS), example: ['hand-over', 'withdraw'] })
  allowed!: string[];
  @ApiProperty({ type: 'integer', description: 'State it in If-Match with the next step.', example: 0 })
  revision!: number;
  @ApiProperty({ type: 'integer', description: 'Position of this step in the log.', example: 57 })
  position!: number;
  @ApiProperty({ format: 'date-time', example: '2024-01-15T02:30:01.123Z' })
  recordedAt!: string;
}

/** `OpeningAnswer`, as the API documents it. */
export class OpeningAnswerDto extends CommandAnswerDto implements OpeningAnswer {
  @ApiProperty({
    description: 'With the code, it lets the applicant look the dossier up; it stands on the receipt.',
    example: '7Q4K-0M2X-9TBD',
  })
  lookUpSecret!: string;
}
