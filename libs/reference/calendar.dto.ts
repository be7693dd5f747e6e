import { ApiProperty } from '@nestjs/swagger';
import { IsObject } from 'class-validator';
import type { CalendarDefinition } from '#libs/calendar/calendar.js';
import { Text } from '#libs/http/fields.decorator.js';
import type { ContentOf } from './publish.js';
import { PublishedVersionDto, ValidityDto, validityOf } from './version.dto.js';

const EXAMPLE = {
  zone: 'Asia/Ho_Chi_Minh',
  startRule: 'next_day',
  week: { mon: [['07:00', '11:30'], ['13:30', '17:00']] }, // prettier-ignore
  daysOff: ['2026-01-01'],
  workingDays: ['2026-01-10'],
};

const definitionSchema = {
  type: 'object',
  additionalProperties: true,
  description:
    'Zone, start rule (`next_day`, `immediate`), office hours by weekday, days off, yearly days off, working days, hours of single dates',
  example: EXAMPLE,
} as const;

export class PublishCalendarDto extends ValidityDto {
  @Text({ example: 'Lịch làm việc của bộ phận một cửa' })
  name!: string;

  @ApiProperty(definitionSchema)
  @IsObject()
  definition!: CalendarDefinition;
}

/** The content to publish; what was left out is null. */
export function calendarContent(id: string, body: PublishCalendarDto): ContentOf<'calendar'> {
  const { name, definition } = body;
  return { id, name, definition, ...validityOf(body) };
}

export class CalendarVersionDto extends PublishedVersionDto {
  @ApiProperty({ type: String, example: 'vn' })
  id!: string;

  @ApiProperty({ type: String, example: 'Lịch làm việc của bộ phận một cửa' })
  name!: string;

  @ApiProperty(definitionSchema)
  definition!: CalendarDefinition;
}
