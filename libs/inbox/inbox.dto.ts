import { ApiProperty } from '@nestjs/swagger';
import { STATUS_CODES } from '#libs/dossier/dossier.js';
import { Flag, Text, Whole } from '#libs/http/fields.decorator.js';
import { nullable, nullableInstant, nullableText } from '#libs/http/nullable.js';
import { AtLeast } from '#libs/live/at-least.decorator.js';
import { REMINDER_TOPICS } from '#libs/reference/reminder-rules.js';
import { INBOX_LIMIT } from './inbox.query.js';

const POSITION = {
  type: 'integer',
  description: 'Every event of the log up to here is in this answer.',
} as const;
const REMINDER = 'result/due/supervisor/2024-01-18T05:00:00.000Z';

export class InboxQuery {
  @Flag({ optional: true, query: true, description: 'True: only what has not been read.' })
  unread?: boolean;
  @Whole({ optional: true, min: 1, max: INBOX_LIMIT.most, query: true })
  limit?: number;
  @Text({ optional: true, max: 20, description: '`next` of the page before.' })
  cursor?: string;
  @AtLeast()
  atLeast?: number;
}

export class UnreadQuery {
  @AtLeast()
  atLeast?: number;
}

export class MarkReadDto {
  @Text({ max: 200, description: 'Of the item.', example: 'H54.12-240115-0010' })
  code!: string;
  @Text({ max: 200, description: 'Of the item.', example: REMINDER })
  reminder!: string;
  @Flag({ optional: true, description: 'True: also everything that came before it.', example: true })
  before?: boolean;
}

export class InboxItemDto {
  @ApiProperty({ type: String, example: 'H54.12-240115-0010' })
  code!: string;
  @ApiProperty({ type: String, description: 'Which one of that dossier.', example: REMINDER })
  reminder!: string;
  @ApiProperty({ type: String, enum: REMINDER_TOPICS, example: 'result' })
  about!: string;
  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'As it was then.',
    example: '2024-01-18T05:00:00.000Z',
  })
  dueAt!: string;
  @ApiProperty({ type: String, format: 'date-time', example: '2024-01-18T06:30:00.000Z' })
  raisedAt!: string;
  @ApiProperty(nullableInstant())
  readAt!: string | null;
  @ApiProperty(
    nullable(
      { type: 'string', enum: Object.keys(STATUS_CODES) },
      { description: 'Of the dossier now; null where the caller may no longer list it.' },
    ),
  )
  state!: string | null;
}

/** `InboxPage`, as the API documents it. */
export class InboxPageDto {
  @ApiProperty({ type: () => InboxItemDto, isArray: true })
  items!: InboxItemDto[];
  @ApiProperty(nullableText({ description: 'Cursor of the next page; null on the last.' }))
  next!: string | null;
  @ApiProperty(POSITION)
  position!: number;
}

export class UnreadDto {
  @ApiProperty({ type: 'integer', example: 3 })
  count!: number;
  @ApiProperty(POSITION)
  position!: number;
}

export class MarkedReadDto {
  @ApiProperty({
    type: 'integer',
    description: 'For `atLeast` of a read that is to hold the mark.',
    example: 42,
  })
  position!: number;
}
