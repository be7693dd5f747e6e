import { Body, Controller, Param } from '@nestjs/common';
import { ApiProperty, ApiTags } from '@nestjs/swagger';
import { type CommandHeaders, GivenBy } from '#libs/http/command-headers.decorator.js';
import { publishVersion, requireVersions } from './answers.js';
import { policyContent, PolicyVersionDto, PublishPolicyDto } from './policy.dto.js';
import { ListEndpoint, PublishEndpoint, VersionsEndpoint } from './endpoints.decorator.js';
import type { PolicyVersion } from './reference.events.js';
import { ReferenceStore } from './reference-store.js';

const ID = { name: 'id', example: 'vn-default' };

class PolicyList {
  @ApiProperty({ type: [PolicyVersionDto] })
  items!: readonly PolicyVersion[];
}

@Controller('api/policies')
@ApiTags('reference')
export class PolicyController {
  constructor(private readonly store: ReferenceStore) {}

  @ListEndpoint('All versions of all policies.', PolicyList)
  list(): { items: readonly PolicyVersion[] } {
    return { items: this.store.data.all().policies };
  }

  @VersionsEndpoint(ID, 'All versions of a policy.', PolicyVersionDto)
  versions(@Param('id') id: string): readonly PolicyVersion[] {
    return requireVersions(this.store, 'policy', id);
  }

  @PublishEndpoint(ID, 'Publishes a version of a policy.', PolicyVersionDto)
  publish(
    @Param('id') id: string,
    @GivenBy() by: CommandHeaders,
    @Body() body: PublishPolicyDto,
  ): Promise<PolicyVersion> {
    return publishVersion(this.store, 'policy', policyContent(id, body), by);
  }
}
