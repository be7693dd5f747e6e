import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiProperty, ApiTags } from '@nestjs/swagger';
import { type CommandHeaders, GivenBy } from '#libs/http/command-headers.decorator.js';
import type { Plain } from '#libs/http/plain.js';
import { nullableText } from '#libs/http/nullable.js';
import { ProblemResponses } from '#libs/http/problem-responses.decorator.js';
import { Problem } from '#libs/problem/problem.js';
import { Action } from '../http/action.decorator.js';
import { SignedIn } from '../http/caller.decorator.js';
import { Credentials } from '../passwords/credentials.adapter.js';
import type { Principal } from '../principal.js';
import { EndedDto, sessionDto, SessionListDto } from '../sessions/session.dto.js';
import { Sessions } from '../sessions/sessions.adapter.js';
import type { Account } from './account.js';
import { AccountStore } from './account-store.js';
import { Commanding } from './command-endpoint.decorator.js';
import { contextOf } from './commands.js';
import { NothingDto } from './grant.dto.js';
import { handOutSetUp } from './hand-out-set-up.js';
import { issued, revoked } from './token.controller.js';
import { IssuedTokenDto, IssueTokenDto, TokenDto, tokenDto, TokenListDto } from './token.dto.js';

class SetUpTokenDto {
  @ApiProperty(
    nullableText({
      description:
        'For its owner, to set a password with. Null in the answer to a repeat: it was shown before.',
      example: null,
    }),
  )
  token!: string | null;

  @ApiProperty({ type: String, format: 'date-time', example: '2024-03-14T02:00:00.000Z' })
  until!: string;
}

const ID = { name: 'account', example: 'clerk-7' };

/** By what other accounts get in, for administrators. None of them ever learns a password. */
@Controller('api/accounts/:account')
@ApiTags('accounts')
export class AccountAccessController {
  constructor(
    private readonly store: AccountStore,
    private readonly passwords: Credentials,
    private readonly sessions: Sessions,
  ) {}

  @Post('set-up-tokens')
  @Action('manage-accounts')
  @ApiParam(ID)
  @Commanding(
    'Hands out a token by which its owner sets a password, once and within 72 hours.',
    SetUpTokenDto,
    201,
  )
  async setUp(
    @GivenBy() by: CommandHeaders,
    @Param('account') account: string,
    @Body() _: NothingDto,
  ): Promise<Plain<SetUpTokenDto>> {
    const { token = null, until } = await handOutSetUp(this.store, this.passwords, account, contextOf(by));
    return { token, until };
  }

  @Get('tokens')
  @Action('read-accounts')
  @ApiParam(ID)
  @ApiOperation({ summary: 'Tokens of an account, also ended ones; never their secrets.' })
  @ApiOkResponse({ type: TokenListDto })
  @ProblemResponses(401, 404)
  tokens(@Param('account') account: string): Plain<TokenListDto> {
    return { items: this.known(account).tokens.map(tokenDto) };
  }

  @Post('tokens')
  @Action('manage-accounts')
  @ApiParam(ID)
  @Commanding('Issues a token for the account of a program. Persons issue their own.', IssuedTokenDto, 201)
  async issue(
    @GivenBy() by: CommandHeaders,
    @Param('account') account: string,
    @Body() body: IssueTokenDto,
  ): Promise<Plain<IssuedTokenDto>> {
    if (this.known(account).kind !== 'system') throw new Problem('personal-account', { account });
    return issued(this.store, account, by, body);
  }

  @Delete('tokens/:token')
  @Action('manage-accounts')
  @ApiParam(ID)
  @ApiParam({ name: 'token', example: '5ce1f0aa-77b1' })
  @ApiOperation({ summary: 'Revokes a token of any account.' })
  @ApiOkResponse({ type: TokenDto })
  @ProblemResponses(401, 403, 404, 409, 503)
  revoke(
    @SignedIn() by: Principal,
    @Param('account') account: string,
    @Param('token') token: string,
  ): Promise<Plain<TokenDto>> {
    return revoked(this.store, account, by, token);
  }

  @Get('sessions')
  @Action('manage-accounts')
  @ApiParam(ID)
  @ApiOperation({ summary: 'Where an account is signed in.' })
  @ApiOkResponse({ type: SessionListDto })
  @ProblemResponses(401, 404, 503)
  async listSessions(
    @SignedIn() { session }: Principal,
    @Param('account') account: string,
  ): Promise<Plain<SessionListDto>> {
    this.known(account);
    const sessions = await this.sessions.listOf(account);
    return { items: sessions.map((each) => sessionDto(each, this.sessions.limits, session)) };
  }

  @Delete('sessions')
  @Action('manage-accounts')
  @ApiParam(ID)
  @ApiOperation({ summary: 'Ends all sessions of an account.' })
  @ApiOkResponse({ type: EndedDto })
  @ProblemResponses(401, 403, 503)
  async endSessions(@Param('account') account: string): Promise<Plain<EndedDto>> {
    this.known(account);
    return { ended: await this.sessions.endAll(account) };
  }

  private known(id: string): Account {
    const account = this.store.all.get(id);
    if (!account) throw new Problem('account-unknown', { account: id });
    return account;
  }
}
