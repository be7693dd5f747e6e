import { Body, Controller, Delete, Get, Inject, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiProperty, ApiTags } from '@nestjs/swagger';
import { CLOCK, type Clock, isoNow } from '#libs/event-log/clock.js';
import { type CommandHeaders, GivenBy } from '#libs/http/command-headers.decorator.js';
import { Choice, Code, Instant } from '#libs/http/fields.decorator.js';
import type { Plain } from '#libs/http/plain.js';
import { nullableInstant } from '#libs/http/nullable.js';
import { ProblemResponses } from '#libs/http/problem-responses.decorator.js';
import { Problem } from '#libs/problem/problem.js';
import { Action } from '../http/action.decorator.js';
import { SignedIn } from '../http/caller.decorator.js';
import { requireSession } from '../http/own-session.js';
import type { Principal, Role, Units } from '../principal.js';
import { ROLES } from '../principal.js';
import { type Account, type Delegation, lives } from './account.js';
import { AccountStore } from './account-store.js';
import { Commanding } from './command-endpoint.decorator.js';
import { contextOf, contextOnce } from './commands.js';
import { HeldGrantDto, UNITS_SCHEMA, UnitsField } from './grant.dto.js';

class DelegateDto {
  @Code({ description: 'Account of the person who stands in.', example: 'clerk-2' })
  to!: string;

  @Choice(ROLES, { example: 'clerk' })
  role!: Role;

  @UnitsField()
  units!: Units;

  @Instant({ description: 'Within 366 days.', example: '2024-03-31T17:00:00+07:00' })
  until!: string;
}

class DelegationDto {
  @ApiProperty({ type: String, example: '0b6f2a9c-1d2e' })
  id!: string;

  @ApiProperty({ type: String, example: 'clerk-2' })
  to!: string;

  @ApiProperty({ type: String, enum: [...ROLES], example: 'clerk' })
  role!: Role;

  @ApiProperty(UNITS_SCHEMA)
  units!: Units;

  @ApiProperty({ type: String, format: 'date-time', example: '2024-03-31T10:00:00.000Z' })
  until!: string;

  @ApiProperty({ type: String, format: 'date-time', example: '2024-03-11T02:00:00.000Z' })
  givenAt!: string;

  @ApiProperty(nullableInstant({ description: 'Ended before its time.', example: null }))
  endedAt!: string | null;

  @ApiProperty({ type: Boolean, example: true })
  alive!: boolean;
}

class DelegationListDto {
  @ApiProperty({ type: [DelegationDto], description: 'Given, also ended ones.' })
  given!: DelegationDto[];

  @ApiProperty({ type: [HeldGrantDto], description: 'What one has been lent just now.' })
  received!: Principal['grants'];
}

/** Lending one's roles to somebody for a time. */
@Controller('api/delegations')
@ApiTags('own account')
export class DelegationController {
  constructor(
    private readonly store: AccountStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Action('manage-self')
  @ApiOperation({ summary: 'What one has lent to others, and what one was lent.' })
  @ApiOkResponse({ type: DelegationListDto })
  @ProblemResponses(401)
  list(@SignedIn() { id }: Principal): Plain<DelegationListDto> {
    const given = this.store.all.get(id)?.delegations ?? [];
    return { given: given.map((each) => this.shown(each)), received: this.store.lentTo(id) };
  }

  @Post()
  @Action('manage-self')
  @Commanding('Lends a role of one’s own to another person until an instant.', DelegationDto, 201)
  async give(
    @GivenBy() by: CommandHeaders,
    @Body() { to, role, units, until }: DelegateDto,
  ): Promise<Plain<DelegationDto>> {
    requireSession(by.principal);
    const command = { do: 'delegate', account: by.principal.id, to, role, units, until } as const;
    const { account, id } = await this.store.carryOut(command, contextOf(by));
    return this.known(account, id);
  }

  @Delete(':delegation')
  @Action('manage-self')
  @ApiOperation({ summary: 'Ends a delegation before its time, at once.' })
  @ApiParam({ name: 'delegation', example: '0b6f2a9c-1d2e' })
  @ApiOkResponse({ type: DelegationDto })
  @ProblemResponses(401, 403, 404, 409, 503)
  async end(
    @SignedIn() principal: Principal,
    @Param('delegation') id: string,
  ): Promise<Plain<DelegationDto>> {
    const command = { do: 'end-delegation', account: principal.id, delegation: id } as const;
    return this.known((await this.store.carryOut(command, contextOnce(principal))).account, id);
  }

  private known({ delegations }: Account, id: string): Plain<DelegationDto> {
    const found = delegations.find((each) => each.id === id);
    if (!found) throw new Problem('delegation-unknown', { delegation: id });
    return this.shown(found);
  }

  private shown(delegation: Delegation): Plain<DelegationDto> {
    const { endedAt = null } = delegation;
    return { ...delegation, endedAt, alive: lives(delegation, isoNow(this.clock)) };
  }
}
