import { Body, Controller, Param } from '@nestjs/common';
import { ApiProperty, ApiTags } from '@nestjs/swagger';
import { type CommandHeaders, GivenBy } from '#libs/http/command-headers.decorator.js';
import { publishVersion, requireVersions } from './answers.js';
import { calendarContent, CalendarVersionDto, PublishCalendarDto } from './calendar.dto.js';
import { ListEndpoint, PublishEndpoint, VersionsEndpoint } from './endpoints.decorator.js';
import type { CalendarVersion } from './reference.events.js';
import { ReferenceStore } from './reference-store.js';

const ID = { name: 'id', example: 'vn' };

class CalendarList {
  @ApiProperty({ type: [CalendarVersionDto] })
  items!: readonly CalendarVersion[];
}

@Controller('api/calendars')
@ApiTags('reference')
export class CalendarController {
  constructor(private readonly store: ReferenceStore) {}

  @ListEndpoint('All versions of all calendars.', CalendarList)
  list(): { items: readonly CalendarVersion[] } {
    return { items: this.store.data.all().calendars };
  }

  @VersionsEndpoint(ID, 'All versions of a calendar.', CalendarVersionDto)
  versions(@Param('id') id: string): readonly CalendarVersion[] {
    return requireVersions(this.store, 'calendar', id);
  }

  @PublishEndpoint(ID, 'Publishes a version of a calendar.', CalendarVersionDto)
  publish(
    @Param('id') id: string,
    @GivenBy() by: CommandHeaders,
    @Body() body: PublishCalendarDto,
  ): Promise<CalendarVersion> {
    return publishVersion(this.store, 'calendar', calendarContent(id, body), by);
  }
}
