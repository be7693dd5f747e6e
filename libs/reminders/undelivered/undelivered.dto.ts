import { ApiProperty } from '@nestjs/swagger';
import { Text, Whole } from '#libs/http/fields.decorator.js';
import { nullableText } from '#libs/http/nullable.js';
import { AtLeast } from '#libs/live/at-least.decorator.js';
import { REMINDER_TOPICS } from '#libs/reference/reminder-rules.js';
import { UNDELIVERED_LIMIT } from './undelivered.query.js';

export const MESSAGE_KEY = '3f1c8c0e-5d5a-5b8e-9d0f-0a4b7c2e6d11';

export class UndeliveredQuery {
  @Whole({ optional: true, min: 1, max: UNDELIVERED_LIMIT.most, query: true })
  limit?: number;
  @Text({ optional: true, max: 100, description: '`next` of the page before.' })
  cursor?: string;
  @AtLeast()
  atLeast?: number;
}

class UndeliveredItemDto {
  @ApiProperty({
    description: 'Idempotency key of the message, the same in each attempt.',
    example: MESSAGE_KEY,
  })
  key!: string;
  @ApiProperty({ example: 'H54.12-240115-0010' })
  code!: string;
  @ApiProperty({ description: 'That has the dossier now.', example: 'H54.12' })
  unit!: string;
  @ApiProperty({
    description: 'Which one of that dossier.',
    example: 'result/due/supervisor/2024-01-18T05:00:00.000Z',
  })
  reminder!: string;
  @ApiProperty({ type: String, enum: REMINDER_TOPICS, example: 'result' })
  about!: string;
  @ApiProperty({ type: String, enum: ['email', 'webhook'], example: 'email' })
  channel!: string;
  @ApiProperty({ description: 'Account whose address it is, or id of the web hook.', example: 'official-1' })
  to!: string;
  @ApiProperty({ type: 'integer', description: 'Since it was to be sent, or sent again.', example: 10 })
  attempts!: number;
  @ApiProperty({ type: String, format: 'date-time', description: 'When it was given up.' })
  failedAt!: string;
  @ApiProperty({ description: 'What the last attempt met with.', example: 'HTTP 503' })
  reason!: string;
}

/** `UndeliveredPage`, as the API documents it. */
export class UndeliveredPageDto {
  @ApiProperty({ type: () => UndeliveredItemDto, isArray: true })
  items!: UndeliveredItemDto[];
  @ApiProperty(nullableText({ description: 'Cursor of the next page; null on the last.' }))
  next!: string | null;
  @ApiProperty({ type: 'integer', description: 'Every event of the log up to here is in this answer.' })
  position!: number;
}

/** `Retried`, as the API documents it. */
export class RetriedDto {
  @ApiProperty({ description: 'Of its dossier.', example: 'H54.12-240115-0010' })
  code!: string;
  @ApiProperty({
    type: 'integer',
    description: 'For `atLeast` of a read that is to know of it.',
    example: 42,
  })
  position!: number;
}
