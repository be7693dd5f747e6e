import { ApiProperty } from '@nestjs/swagger';
import { Choice, EmailAddress, LocalTime, Parts } from '#libs/http/fields.decorator.js';
import { nullableText } from '#libs/http/nullable.js';
import { MAIL_PREFERENCES, type MailPreference, MOST_QUIET_HOURS } from './preference.js';

export class QuietHoursDto {
  @LocalTime({ example: '18:00' })
  from!: string;

  @LocalTime({ description: 'Not within any more; earlier than `from`: of the next day', example: '07:00' })
  to!: string;
}

export class PutPreferenceDto {
  @EmailAddress({ description: 'Leave out for none', example: 'can.bo@example.vn', optional: true })
  address?: string;

  @Choice(MAIL_PREFERENCES, {
    description: 'A mail for each reminder, one a day with all of them, or none',
    example: 'digest',
  })
  mail!: MailPreference;

  @Parts(() => QuietHoursDto, {
    description: 'When no mail is to come, every day, on the clock of the desk; they must leave some time',
    max: MOST_QUIET_HOURS,
  })
  quietHours!: QuietHoursDto[];
}

export class PreferenceDto {
  @ApiProperty(nullableText({ example: 'can.bo@example.vn' }))
  address!: string | null;

  @ApiProperty({ type: String, enum: [...MAIL_PREFERENCES], example: 'digest' })
  mail!: MailPreference;

  @ApiProperty({ type: [QuietHoursDto] })
  quietHours!: readonly QuietHoursDto[];
}

export class PutAddressDto {
  @EmailAddress({ example: 'can.bo@example.vn' })
  address!: string;
}

export class HasAddressDto {
  @ApiProperty({ type: Boolean, description: 'Which one, only its owner is told.', example: true })
  hasAddress!: boolean;
}
