import { ApiProperty } from '@nestjs/swagger';
import { Code, Text } from '#libs/http/fields.decorator.js';
import type { Plain } from '#libs/http/plain.js';
import { nullableText } from '#libs/http/nullable.js';
import { HeldGrantDto } from '../accounts/grant.dto.js';
import type { Principal } from '../principal.js';
import { SecretField } from '../sign-in/secret.decorator.js';
import { endOf, type Session, type SessionLimits, type SignInMethod } from './session.js';

export class SignInDto {
  @Code({ example: 'clerk-7' })
  account!: string;

  @SecretField({ example: 'con mèo trèo cây cau' })
  password!: string;

  @Text({
    optional: true,
    max: 40,
    description: 'Of the second factor, where there is one.',
    example: '492039',
  })
  code?: string;
}

export class SessionDto {
  @ApiProperty({ type: String, format: 'uuid', example: '1d0ee3a5-5b1f-4b8d-9d58-3a0a8f5d2f61' })
  id!: string;

  @ApiProperty({ type: String, enum: ['password', 'password+totp', 'oidc'], example: 'password' })
  how!: SignInMethod;

  @ApiProperty({ type: String, format: 'date-time', example: '2024-03-11T02:00:00.000Z' })
  startedAt!: string;

  @ApiProperty({ type: String, format: 'date-time', example: '2024-03-11T02:10:00.000Z' })
  lastSeenAt!: string;

  @ApiProperty({
    ...{ type: String, format: 'date-time', example: '2024-03-11T02:40:00.000Z' },
    description: 'Over from then on, if nothing more is asked.',
  })
  endsAt!: string;

  @ApiProperty({ type: String, example: '192.0.2.17' })
  address!: string;

  @ApiProperty({ type: String, example: 'Mozilla/5.0' })
  userAgent!: string;

  @ApiProperty({ type: Boolean, description: 'The one that asks.', example: true })
  current!: boolean;
}

export class SessionListDto {
  @ApiProperty({ type: [SessionDto] })
  items!: SessionDto[];
}

export class EndedDto {
  @ApiProperty({ type: 'integer', description: 'How many sessions were ended.', example: 1 })
  ended!: number;
}

export class WhoAmIDto {
  @ApiProperty({ type: String, example: 'clerk-7' })
  account!: string;

  @ApiProperty({ type: String, enum: ['session', 'token'], example: 'session' })
  by!: Principal['by'];

  @ApiProperty({ type: [HeldGrantDto], description: 'What one may do now, with what was lent.' })
  grants!: Principal['grants'];

  @ApiProperty({
    ...{ type: Boolean, example: false },
    description:
      'A role needs a second factor that was not shown: it has to be enrolled before anything else.',
  })
  secondFactorDue!: boolean;

  @ApiProperty(
    nullableText({
      description: 'To send as X-CSRF-Token with all that changes something; null for a token.',
      example: 'KQ5nXfEGoZ1cHn3r1vXQmUuQ4yBv0o6wO4a0o7m3o2M',
    }),
  )
  csrfToken!: string | null;
}

export function sessionDto(session: Session, limits: SessionLimits, current?: string): Plain<SessionDto> {
  const { id, how, startedAt, lastSeenAt, address, userAgent } = session;
  const endsAt = endOf(session, limits);
  return { id, how, startedAt, lastSeenAt, endsAt, address, userAgent, current: id === current };
}
