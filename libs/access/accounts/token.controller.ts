import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { type CommandHeaders, GivenBy } from '#libs/http/command-headers.decorator.js';
import type { Plain } from '#libs/http/plain.js';
import { ProblemResponses } from '#libs/http/problem-responses.decorator.js';
import { Problem } from '#libs/problem/problem.js';
import { Action } from '../http/action.decorator.js';
import { SignedIn } from '../http/caller.decorator.js';
import { requireSession } from '../http/own-session.js';
import type { Principal } from '../principal.js';
import { AccountStore } from './account-store.js';
import { Commanding } from './command-endpoint.decorator.js';
import { contextOf, contextOnce } from './commands.js';
import { issueToken } from './issue-token.adapter.js';
import { IssuedTokenDto, IssueTokenDto, TokenDto, tokenDto, TokenListDto } from './token.dto.js';

/** Tokens of one's own, for programs that work in one's place. */
@Controller('api/tokens')
@ApiTags('own account')
export class TokenController {
  constructor(private readonly store: AccountStore) {}

  @Get()
  @Action('manage-self')
  @ApiOperation({ summary: 'Own tokens, also ended ones; never their secrets.' })
  @ApiOkResponse({ type: TokenListDto })
  @ProblemResponses(401)
  list(@SignedIn() { id }: Principal): Plain<TokenListDto> {
    return { items: (this.store.all.get(id)?.tokens ?? []).map(tokenDto) };
  }

  @Post()
  @Action('manage-self')
  @Commanding('Issues a token of one’s own. Only for who has signed in.', IssuedTokenDto, 201)
  async issue(@GivenBy() by: CommandHeaders, @Body() body: IssueTokenDto): Promise<Plain<IssuedTokenDto>> {
    requireSession(by.principal);
    const account = by.principal.id;
    if (this.store.all.get(account)?.demo) throw new Problem('demo-account');
    return issued(this.store, account, by, body);
  }

  @Delete(':token')
  @Action('manage-self')
  @ApiOperation({ summary: 'Revokes a token of one’s own, at once and for good.' })
  @ApiParam({ name: 'token', example: '5ce1f0aa-77b1' })
  @ApiOkResponse({ type: TokenDto })
  @ProblemResponses(401, 403, 404, 503)
  revoke(@SignedIn() principal: Principal, @Param('token') token: string): Promise<Plain<TokenDto>> {
    return revoked(this.store, principal.id, principal, token);
  }
}

export async function issued(
  store: AccountStore,
  account: string,
  by: CommandHeaders,
  { label, grants, expiresAt }: IssueTokenDto,
): Promise<Plain<IssuedTokenDto>> {
  const command = {
    ...({ do: 'issue-token', account, expiresAt } as const),
    ...(label === undefined ? {} : { label }),
    ...(grants === undefined ? {} : { grants: grants.map(({ role, units }) => ({ role, units })) }),
  };
  const { token, secret = null } = await issueToken(store, command, contextOf(by));
  return { ...tokenDto(token), token: secret };
}

export async function revoked(
  store: AccountStore,
  account: string,
  by: Principal,
  token: string,
): Promise<Plain<TokenDto>> {
  const done = await store.carryOut({ do: 'revoke-token', account, token }, contextOnce(by));
  const found = done.account.tokens.find(({ id }) => id === token);
  if (!found) throw new Problem('token-unknown', { token });
  return tokenDto(found);
}
