import { ApiProperty, getSchemaPath } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsString } from 'class-validator';
import { Amount, Code, Part, Parts, Text, Whole } from '#libs/http/fields.decorator.js';
import { nullable, nullableText } from '#libs/http/nullable.js';
import { type ContentOf, LONGEST_RETENTION_MONTHS } from '#libs/reference/publish.js';
import { LimitDto, PublishedVersionDto, ValidityDto, validityOf } from '#libs/reference/version.dto.js';

const NAME = 'Thủ tục cấp Giấy chứng nhận đăng ký đầu tư';

export class ProcedureNameDto {
  @Text({ example: NAME, max: 2000 })
  vi!: string;

  @Text({ example: 'Issue of an investment registration certificate', max: 2000, optional: true })
  en?: string;
}

export class ProcedureLimitDto {
  @Code({ description: '`default`, or the case the limit is for', example: 'default' })
  case!: string;

  @Part(() => LimitDto)
  limit!: LimitDto;
}

export class FeeDto {
  @Amount({ example: 100000 })
  amount!: number;

  @Text({ description: 'ISO 4217', example: 'VND', max: 3 })
  currency!: string;
}

export class PublishProcedureDto extends ValidityDto {
  @Part(() => ProcedureNameDto)
  name!: ProcedureNameDto;

  @Text({ description: 'Field under which reports count it', example: 'Đầu tư tại Việt Nam' })
  field!: string;

  @Text({ example: 'province', max: 100 })
  level!: string;

  @Parts(() => ProcedureLimitDto, { description: 'Empty: nothing can be accepted under it yet' })
  limits!: ProcedureLimitDto[];

  @ApiProperty({ type: [String], required: false, example: ['Văn bản đề nghị'], maxItems: 100 })
  @IsArray()
  @ArrayMaxSize(100, { context: { max: 100 } })
  @IsString({ each: true })
  papers: string[] = [];

  @Part(() => FeeDto, { optional: true })
  fee?: FeeDto;

  @Text({ description: 'How long what is granted stays valid', example: '7 năm', optional: true })
  validity?: string;

  @Text({ optional: true, example: 'limits by case', max: 2000 })
  note?: string;

  @Whole({
    optional: true,
    max: LONGEST_RETENTION_MONTHS,
    description: 'Months from the end of a dossier for which personal data in it must be kept',
    example: 120,
  })
  retentionMonths?: number;
}

/** The content to publish; what was left out is null. */
export function procedureContent(code: string, body: PublishProcedureDto): ContentOf<'procedure'> {
  return {
    code,
    name: { vi: body.name.vi, en: body.name.en ?? null },
    field: body.field,
    level: body.level,
    limits: body.limits,
    papers: body.papers,
    fee: body.fee ?? null,
    validity: body.validity ?? null,
    note: body.note ?? null,
    ...(body.retentionMonths === undefined ? {} : { retentionMonths: body.retentionMonths }),
    ...validityOf(body),
  };
}

export class ProcedureVersionNameDto {
  @ApiProperty({ type: String, example: NAME })
  vi!: string;

  @ApiProperty(nullableText())
  en!: string | null;
}

export class ProcedureVersionDto extends PublishedVersionDto {
  @ApiProperty({ type: String, example: '1.009664' })
  code!: string;

  @ApiProperty({ type: ProcedureVersionNameDto })
  name!: ProcedureVersionNameDto;

  @ApiProperty({ type: String, example: 'Đầu tư tại Việt Nam' })
  field!: string;

  @ApiProperty({ type: String, example: 'province' })
  level!: string;

  @ApiProperty({ type: [ProcedureLimitDto] })
  limits!: ProcedureLimitDto[];

  @ApiProperty({ type: [String], example: [] })
  papers!: string[];

  @ApiProperty(nullable({ $ref: getSchemaPath(FeeDto) }))
  fee!: FeeDto | null;

  @ApiProperty(nullableText())
  validity!: string | null;

  @ApiProperty(nullableText())
  note!: string | null;

  @ApiProperty({ type: 'integer', required: false, example: 120 })
  retentionMonths?: number;
}
