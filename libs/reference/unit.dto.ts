import { ApiProperty } from '@nestjs/swagger';
import { Code, Part, Text, Whole } from '#libs/http/fields.decorator.js';
import type { ContentOf } from './publish.js';
import { PublishedVersionDto, ValidityDto, validityOf } from './version.dto.js';

export class UnitNameDto {
  @Text({ example: 'Ban Quản lý các khu công nghiệp' })
  vi!: string;

  @Text({ example: 'Board of industrial zones' })
  en!: string;
}

export class PublishUnitDto extends ValidityDto {
  @Part(() => UnitNameDto)
  name!: UnitNameDto;

  @Code({ description: 'A published calendar, in force on validFrom', example: 'vn' })
  calendar!: string;

  @Code({ description: 'A published policy, in force on validFrom', example: 'vn-default' })
  policy!: string;

  @Whole({ description: 'Digits of the daily sequence in a code', example: 4, min: 1, max: 9 })
  sequenceDigits!: number;
}

/** The content to publish; what was left out is null. */
export function unitContent(code: string, body: PublishUnitDto): ContentOf<'unit'> {
  const { name, calendar, policy, sequenceDigits } = body;
  return { code, name, calendar, policy, sequenceDigits, ...validityOf(body) };
}

export class UnitVersionDto extends PublishedVersionDto {
  @ApiProperty({ type: String, description: 'First part of its dossier codes', example: 'H54.12' })
  code!: string;

  @ApiProperty({ type: UnitNameDto })
  name!: UnitNameDto;

  @ApiProperty({ type: String, example: 'vn' })
  calendar!: string;

  @ApiProperty({ type: String, example: 'vn-default' })
  policy!: string;

  @ApiProperty({ type: 'integer', example: 4 })
  sequenceDigits!: number;
}
