import { ApiProperty } from '@nestjs/swagger';
import { Code, Instant, Parts } from '#libs/http/fields.decorator.js';
import type { Plain } from '#libs/http/plain.js';
import { nullableInstant, nullableText } from '#libs/http/nullable.js';
import type { Token } from './account.js';
import type { OwnGrant } from './account.events.js';
import { GrantDto, HeldGrantDto } from './grant.dto.js';

export class IssueTokenDto {
  @Code({ optional: true, description: 'What it is for: a short code, no text.', example: 'scanner-2' })
  label?: string;

  @Parts(() => GrantDto, {
    optional: true,
    description: 'What it is limited to. Left out: what the account has itself now.',
  })
  grants?: GrantDto[];

  @Instant({ description: 'Within 366 days.', example: '2024-06-30T17:00:00+07:00' })
  expiresAt!: string;
}

export class TokenDto {
  @ApiProperty({ type: String, example: '5ce1f0aa-77b1' })
  id!: string;

  @ApiProperty(nullableText({ example: 'scanner-2' }))
  label!: string | null;

  @ApiProperty({ type: [HeldGrantDto] })
  grants!: readonly OwnGrant[];

  @ApiProperty({ type: String, format: 'date-time', example: '2024-03-11T02:00:00.000Z' })
  issuedAt!: string;

  @ApiProperty({ type: String, format: 'date-time', example: '2024-06-30T10:00:00.000Z' })
  expiresAt!: string;

  @ApiProperty(nullableInstant())
  revokedAt!: string | null;
}

export class IssuedTokenDto extends TokenDto {
  @ApiProperty(
    nullableText({
      description: 'Shown this once. Null in the answer to a repeat: it was shown before.',
      example: null,
    }),
  )
  token!: string | null;
}

export class TokenListDto {
  @ApiProperty({ type: [TokenDto] })
  items!: TokenDto[];
}

export function tokenDto({ hash: _, label, revokedAt, ...token }: Token): Plain<TokenDto> {
  return { ...token, label: label ?? null, revokedAt: revokedAt ?? null };
}
