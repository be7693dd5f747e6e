import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsString, ValidateIf } from 'class-validator';
import { UNITS_SCHEMA, UnitsField } from '#libs/access/accounts/grant.dto.js';
import { Amount, Choice, Part, Parts } from '#libs/http/fields.decorator.js';
import type { ContentOf } from './publish.js';
import { MOST_REMINDER_RULES } from './publish-reminders.js';
import {
  REMINDER_RECIPIENTS,
  REMINDER_TOPICS,
  type ReminderMoment,
  type ReminderRecipient,
  type ReminderRule,
  type ReminderTopic,
} from './reminder-rules.js';
import { LimitDto, PublishedVersionDto, ValidityDto, validityOf } from './version.dto.js';

export class ReminderMomentDto {
  @Amount({
    description: 'After this part of the working time to the deadline, above 0 and below 1',
    example: 0.5,
    max: 1,
    optional: true,
  })
  share?: number;

  @Part(() => LimitDto, { description: 'So long before the deadline', optional: true })
  before?: LimitDto;

  @Choice(['last_day', 'due'], {
    description: 'At the opening of the office on the day of the deadline, or at the deadline',
    example: 'due',
    optional: true,
  })
  on?: 'last_day' | 'due';

  @Part(() => LimitDto, {
    description: 'So long after the deadline; of a supplement or a collection, after it was asked for',
    optional: true,
  })
  after?: LimitDto;
}

export class ReminderRuleDto {
  @Choice(REMINDER_TOPICS, { description: 'What is to be done in time', example: 'result' })
  about!: ReminderTopic;

  @Part(() => ReminderMomentDto, {
    description: 'Exactly one of its members',
    example: { before: { value: 3, unit: 'working_day' } },
  })
  when!: ReminderMomentDto;

  @Choice(REMINDER_RECIPIENTS, { description: 'To whom', example: 'official' })
  to!: ReminderRecipient;

  @ApiProperty({
    ...{ type: [String], required: false, minItems: 1, maxItems: 100, example: ['1.009661'] },
    description: 'Published procedures; leave out for all',
  })
  @IsArray()
  @ArrayMaxSize(100, { context: { max: 100 } })
  @IsString({ each: true })
  @ValidateIf((_: object, value: unknown) => value !== undefined)
  procedures?: string[];
}

export class PublishReminderPolicyDto extends ValidityDto {
  @UnitsField()
  units!: readonly string[] | 'all';

  @Parts(() => ReminderRuleDto, {
    description: 'Empty: these desks get no reminders',
    max: MOST_REMINDER_RULES,
  })
  rules!: ReminderRuleDto[];
}

/** The content to publish; what was left out of a rule is not in it either. */
export function reminderPolicyContent(id: string, body: PublishReminderPolicyDto): ContentOf<'reminders'> {
  return { id, units: body.units, rules: body.rules.map(ruleOf), ...validityOf(body) };
}

function ruleOf({ about, when, to, procedures }: ReminderRuleDto): ReminderRule {
  const given = Object.entries(when).filter(([, value]) => value !== undefined);
  // That it is exactly one is for the decision to say.
  const moment = Object.fromEntries(given) as unknown as ReminderMoment;
  return { about, when: moment, to, ...(procedures === undefined ? {} : { procedures }) };
}

export class ReminderPolicyVersionDto extends PublishedVersionDto {
  @ApiProperty({ type: String, example: 'vn-default' })
  id!: string;

  @ApiProperty({ ...UNITS_SCHEMA, description: 'Desks; `all`: those that no other policy names.' })
  units!: readonly string[] | 'all';

  @ApiProperty({ type: [ReminderRuleDto] })
  rules!: readonly ReminderRule[];
}
