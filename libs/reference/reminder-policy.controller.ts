import { Body, Controller, Param } from '@nestjs/common';
import { ApiProperty, ApiTags } from '@nestjs/swagger';
import { type CommandHeaders, GivenBy } from '#libs/http/command-headers.decorator.js';
import { publishVersion, requireVersions } from './answers.js';
import {
  reminderPolicyContent,
  ReminderPolicyVersionDto,
  PublishReminderPolicyDto,
} from './reminder-policy.dto.js';
import { ListEndpoint, PublishEndpoint, VersionsEndpoint } from './endpoints.decorator.js';
import type { ReminderPolicyVersion } from './reference.events.js';
import { ReferenceStore } from './reference-store.js';

const ID = { name: 'id', example: 'vn-default' };

class ReminderPolicyList {
  @ApiProperty({ type: [ReminderPolicyVersionDto] })
  items!: readonly ReminderPolicyVersion[];
}

@Controller('api/reminder-policies')
@ApiTags('reference')
export class ReminderPolicyController {
  constructor(private readonly store: ReferenceStore) {}

  @ListEndpoint('All versions of all reminder policies.', ReminderPolicyList)
  list(): { items: readonly ReminderPolicyVersion[] } {
    return { items: this.store.data.all().reminders };
  }

  @VersionsEndpoint(ID, 'All versions of a reminder policy.', ReminderPolicyVersionDto)
  versions(@Param('id') id: string): readonly ReminderPolicyVersion[] {
    return requireVersions(this.store, 'reminders', id);
  }

  @PublishEndpoint(ID, 'Publishes a version of a reminder policy.', ReminderPolicyVersionDto)
  publish(
    @Param('id') id: string,
    @GivenBy() by: CommandHeaders,
    @Body() body: PublishReminderPolicyDto,
  ): Promise<ReminderPolicyVersion> {
    return publishVersion(this.store, 'reminders', reminderPolicyContent(id, body), by);
  }
}
