import { ApiProperty } from '@nestjs/swagger';
import { Choice, Code, Parts } from '#libs/http/fields.decorator.js';
import type { Plain } from '#libs/http/plain.js';
import { nullableInstant } from '#libs/http/nullable.js';
import type { RecordedEvent } from '#libs/event-log/event-log.js';
import type { Json } from '#libs/event-log/json.js';
import type { Principal } from '../principal.js';
import type { Account } from './account.js';
import type { AccountKind } from './account.events.js';
import { GrantDto, HeldGrantDto } from './grant.dto.js';

export class OpenAccountDto {
  @Code({
    description: 'Lower-case letters, digits, `. _ -`; never a name that tells too much.',
    example: 'clerk-7',
  })
  account!: string;

  @Choice(['person', 'system'], {
    description: 'system: another program; it has tokens only, no password.',
    example: 'person',
  })
  kind!: AccountKind;

  @Parts(() => GrantDto)
  grants!: GrantDto[];
}

export class ChangeGrantsDto {
  @Parts(() => GrantDto, { description: 'All that the account has itself from now on.' })
  grants!: GrantDto[];
}

export class AccountDto {
  @ApiProperty({ type: String, example: 'clerk-7' })
  account!: string;

  @ApiProperty({ type: String, enum: ['person', 'system'], example: 'person' })
  kind!: AccountKind;

  @ApiProperty({
    type: Boolean,
    description: 'Of the demonstration: works on this machine only.',
    example: false,
  })
  demo!: boolean;

  @ApiProperty({ type: String, format: 'date-time', example: '2024-03-11T02:00:00.000Z' })
  openedAt!: string;

  @ApiProperty(nullableInstant())
  closedAt!: string | null;

  @ApiProperty({ type: [HeldGrantDto], description: 'Its own, and those lent to it just now.' })
  grants!: Principal['grants'];
}

export class AccountListDto {
  @ApiProperty({ type: [AccountDto] })
  items!: AccountDto[];
}

export class AccountEventDto {
  @ApiProperty({ type: String, example: 'GrantsChanged' })
  type!: string;

  @ApiProperty({ type: String, format: 'date-time', example: '2024-03-11T02:00:00.000Z' })
  at!: string;

  @ApiProperty({ type: String, description: 'Account that did it.', example: 'admin-1' })
  by!: string;

  @ApiProperty({
    ...{ type: 'object', additionalProperties: true, example: { grants: [] } },
    description: 'As it was recorded, without the hashes of tokens.',
  })
  data!: Record<string, Json>;
}

export class AccountWithHistoryDto extends AccountDto {
  @ApiProperty({ type: [AccountEventDto], description: 'All that was ever changed, the oldest first.' })
  history!: AccountEventDto[];
}

export function accountDto(account: Account, lent: Principal['grants']): Plain<AccountDto> {
  const { id, kind, demo, openedAt, closedAt = null, grants } = account;
  return { account: id, kind, demo, openedAt, closedAt, grants: [...grants, ...lent] };
}

export function eventDto({ type, occurredAt, metadata, data }: RecordedEvent): Plain<AccountEventDto> {
  const { hash: _, ...shown } = data;
  return { type, at: occurredAt, by: metadata.actor, data: shown };
}
