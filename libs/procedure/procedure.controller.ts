import { Body, Controller, Param, Query } from '@nestjs/common';
import { ApiProperty, ApiTags } from '@nestjs/swagger';
import { type CommandHeaders, GivenBy } from '#libs/http/command-headers.decorator.js';
import { CalendarDate, Text } from '#libs/http/fields.decorator.js';
import { publishVersion, requireVersions } from '#libs/reference/answers.js';
import { ListEndpoint, PublishEndpoint, VersionsEndpoint } from '#libs/reference/endpoints.decorator.js';
import type { ProcedureVersion } from '#libs/reference/reference.events.js';
import { ReferenceStore } from '#libs/reference/reference-store.js';
import { findProcedures } from './find-procedures.js';
import { procedureContent, ProcedureVersionDto, PublishProcedureDto } from './procedure.dto.js';

const CODE = { name: 'code', example: '1.009664' };

class ListProceduresQuery {
  @Text({
    optional: true,
    max: 200,
    description: 'Words of code or name, with or without marks.',
    example: 'dau tu',
  })
  q?: string;

  @Text({ optional: true, description: 'Only this field.', example: 'Đầu tư tại Việt Nam' })
  field?: string;

  @CalendarDate({ optional: true, description: 'The version in force on this date; the newest if left out.' })
  on?: string;
}

class ProcedureList {
  @ApiProperty({ type: [ProcedureVersionDto] })
  items!: readonly ProcedureVersion[];
}

@Controller('api/procedures')
@ApiTags('procedures')
export class ProcedureController {
  constructor(private readonly store: ReferenceStore) {}

  @ListEndpoint('The catalogue: one version of each procedure.', ProcedureList)
  list(@Query() query: ListProceduresQuery): { items: readonly ProcedureVersion[] } {
    return { items: findProcedures(this.store.state.procedure.values(), query) };
  }

  @VersionsEndpoint(CODE, 'All versions of a procedure.', ProcedureVersionDto)
  versions(@Param('code') code: string): readonly ProcedureVersion[] {
    return requireVersions(this.store, 'procedure', code);
  }

  @PublishEndpoint(CODE, 'Publishes a version of a procedure.', ProcedureVersionDto)
  publish(
    @Param('code') code: string,
    @GivenBy() by: CommandHeaders,
    @Body() body: PublishProcedureDto,
  ): Promise<ProcedureVersion> {
    return publishVersion(this.store, 'procedure', procedureContent(code, body), by);
  }
}
