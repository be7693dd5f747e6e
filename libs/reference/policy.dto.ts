import { ApiProperty } from '@nestjs/swagger';
import { Choice, Flag, Part, Whole } from '#libs/http/fields.decorator.js';
import type { ContentOf } from './publish.js';
import { LimitDto, PublishedVersionDto, ValidityDto, validityOf } from './version.dto.js';

export class PolicyRulesDto {
  @Whole({ description: 'How far ahead of the clock a claimed instant may lie', example: 300, max: 86_400 })
  futureToleranceSeconds!: number;

  @Whole({ example: 1, max: 100 })
  maxSupplementRequests!: number;

  @Whole({ example: 1, max: 100 })
  maxExtensions!: number;

  @Part(() => LimitDto, {
    description: 'Within which an online dossier must be accepted or refused',
    example: { value: 8, unit: 'working_hour' },
  })
  onlineAnswerLimit!: LimitDto;

  @Flag({ example: true })
  supplementStopsClock!: boolean;

  @Flag({ example: true })
  paymentStopsClock!: boolean;

  @Choice(['date', 'instant'], { description: 'How before time is told from on time', example: 'date' })
  beforeTimeBy!: 'date' | 'instant';
}

export class PublishPolicyDto extends ValidityDto {
  @Part(() => PolicyRulesDto)
  rules!: PolicyRulesDto;
}

/** The content to publish; what was left out is null. */
export function policyContent(id: string, body: PublishPolicyDto): ContentOf<'policy'> {
  return { id, rules: body.rules, ...validityOf(body) };
}

export class PolicyVersionDto extends PublishedVersionDto {
  @ApiProperty({ type: String, example: 'vn-default' })
  id!: string;

  @ApiProperty({ type: PolicyRulesDto })
  rules!: PolicyRulesDto;
}
