import { Body, Controller, Param } from '@nestjs/common';
import { ApiProperty, ApiTags } from '@nestjs/swagger';
import { type CommandHeaders, GivenBy } from '#libs/http/command-headers.decorator.js';
import { publishVersion, requireVersions } from './answers.js';
import { unitContent, UnitVersionDto, PublishUnitDto } from './unit.dto.js';
import { ListEndpoint, PublishEndpoint, VersionsEndpoint } from './endpoints.decorator.js';
import type { UnitVersion } from './reference.events.js';
import { ReferenceStore } from './reference-store.js';

const ID = { name: 'code', example: 'H54.12' };

class UnitList {
  @ApiProperty({ type: [UnitVersionDto] })
  items!: readonly UnitVersion[];
}

@Controller('api/units')
@ApiTags('reference')
export class UnitController {
  constructor(private readonly store: ReferenceStore) {}

  @ListEndpoint('All versions of all units.', UnitList)
  list(): { items: readonly UnitVersion[] } {
    return { items: this.store.data.all().units };
  }

  @VersionsEndpoint(ID, 'All versions of a unit.', UnitVersionDto)
  versions(@Param('code') code: string): readonly UnitVersion[] {
    return requireVersions(this.store, 'unit', code);
  }

  @PublishEndpoint(ID, 'Publishes a version of a unit.', UnitVersionDto)
  publish(
    @Param('code') code: string,
    @GivenBy() by: CommandHeaders,
    @Body() body: PublishUnitDto,
  ): Promise<UnitVersion> {
    return publishVersion(this.store, 'unit', unitContent(code, body), by);
  }
}
