import { Body, Controller, Get, Inject, Param, Post, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { EVENT_LOG, type EventLog, streamName } from '#libs/event-log/event-log.js';
import { type CommandHeaders, GivenBy } from '#libs/http/command-headers.decorator.js';
import type { Plain } from '#libs/http/plain.js';
import { ProblemResponses } from '#libs/http/problem-responses.decorator.js';
import { Problem } from '#libs/problem/problem.js';
import { Action } from '../http/action.decorator.js';
import { SignedIn } from '../http/caller.decorator.js';
import type { Principal } from '../principal.js';
import { Sessions } from '../sessions/sessions.adapter.js';
import type { Account } from './account.js';
import {
  AccountDto,
  accountDto,
  AccountListDto,
  AccountWithHistoryDto,
  ChangeGrantsDto,
  eventDto,
  OpenAccountDto,
} from './account.dto.js';
import { ACCOUNT_CATEGORY } from './account.events.js';
import { AccountStore } from './account-store.js';
import { Commanding } from './command-endpoint.decorator.js';
import { contextOf, contextOnce } from './commands.js';
import { NothingDto } from './grant.dto.js';
import { ON_CLOSED, type OnClosed } from './on-closed.js';

const ID = { name: 'account', example: 'clerk-7' };

/** Accounts, for administrators; auditors may look. */
@Controller('api/accounts')
@ApiTags('accounts')
export class AccountController {
  constructor(
    private readonly store: AccountStore,
    private readonly sessions: Sessions,
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(ON_CLOSED) private readonly onClosed: OnClosed,
  ) {}

  @Get()
  @Action('read-accounts')
  @ApiOperation({ summary: 'All accounts, also closed ones.' })
  @ApiOkResponse({ type: AccountListDto })
  @ProblemResponses(401)
  list(): Plain<AccountListDto> {
    const accounts = [...this.store.all.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    return { items: accounts.map((account) => this.shown(account)) };
  }

  @Get(':account')
  @Action('read-accounts')
  @ApiOperation({ summary: 'An account, and who granted it what at which time.' })
  @ApiParam(ID)
  @ApiOkResponse({ type: AccountWithHistoryDto })
  @ProblemResponses(401, 404, 503)
  async get(@Param('account') id: string): Promise<Plain<AccountWithHistoryDto>> {
    const account = this.store.all.get(id);
    if (!account) throw new Problem('account-unknown', { account: id });
    const history = [];
    for await (const event of this.log.readStream(streamName(ACCOUNT_CATEGORY, id))) {
      history.push(eventDto(event));
    }
    return { ...this.shown(account), history };
  }

  @Post()
  @Action('manage-accounts')
  @Commanding('Opens an account.', AccountDto, 201, 'A person sets the password by a set-up token.')
  async open(@GivenBy() by: CommandHeaders, @Body() body: OpenAccountDto): Promise<Plain<AccountDto>> {
    const { account, kind, grants } = body;
    const opened = await this.store.carryOut(
      { do: 'open', account, kind, grants: plain(grants) },
      contextOf(by),
    );
    return this.shown(opened.account);
  }

  @Put(':account/grants')
  @Action('manage-accounts')
  @ApiOperation({ summary: 'Says what the account has itself from now on. Nobody can do so for himself.' })
  @ApiParam(ID)
  @ApiOkResponse({ type: AccountDto })
  @ProblemResponses(400, 401, 403, 404, 409, 413, 415, 503)
  async changeGrants(
    @SignedIn() principal: Principal,
    @Param('account') account: string,
    @Body() { grants }: ChangeGrantsDto,
  ): Promise<Plain<AccountDto>> {
    if (principal.id === account) throw new Problem('own-account');
    const command = { do: 'change-grants', account, grants: plain(grants) } as const;
    return this.shown((await this.store.carryOut(command, contextOnce(principal))).account);
  }

  @Post(':account/close')
  @Action('manage-accounts')
  @ApiParam(ID)
  @Commanding('Closes an account, with all its sessions, tokens and delegations.', AccountDto)
  async close(
    @GivenBy() by: CommandHeaders,
    @Param('account') account: string,
    @Body() _: NothingDto,
  ): Promise<Plain<AccountDto>> {
    const closed = await this.store.carryOut({ do: 'close', account }, contextOf(by));
    await this.sessions.endAll(account);
    await this.onClosed(account);
    return this.shown(closed.account);
  }

  @Post(':account/reopen')
  @Action('manage-accounts')
  @ApiParam(ID)
  @Commanding('Opens a closed account again; its tokens and delegations stay ended.', AccountDto)
  async reopen(
    @GivenBy() by: CommandHeaders,
    @Param('account') account: string,
    @Body() _: NothingDto,
  ): Promise<Plain<AccountDto>> {
    if (!this.store.all.has(account)) throw new Problem('account-unknown', { account });
    // What a process that was cut off while closing has left.
    await this.sessions.endAll(account);
    await this.onClosed(account);
    return this.shown((await this.store.carryOut({ do: 'reopen', account }, contextOf(by))).account);
  }

  private shown(account: Account): Plain<AccountDto> {
    return accountDto(account, this.store.lentTo(account.id));
  }
}

/** Without their class, which canonical JSON does not know. */
const plain = (grants: OpenAccountDto['grants']) => grants.map(({ role, units }) => ({ role, units }));
