import { Body, Controller, Delete, Get, Param, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { isOpen } from '#libs/access/accounts/account.js';
import { AccountStore } from '#libs/access/accounts/account-store.js';
import { Action } from '#libs/access/http/action.decorator.js';
import { SignedIn } from '#libs/access/http/caller.decorator.js';
import { requireSession } from '#libs/access/http/own-session.js';
import type { Principal } from '#libs/access/principal.js';
import type { Plain } from '#libs/http/plain.js';
import { ProblemResponses } from '#libs/http/problem-responses.decorator.js';
import { Problem } from '#libs/problem/problem.js';
import { HasAddressDto, PreferenceDto, PutAddressDto, PutPreferenceDto } from './preference.dto.js';
import { checkQuietHours, NO_PREFERENCE, type Preference } from './preference.js';
import { PostgresPreferences } from './preferences.adapter.js';

const ID = { name: 'account', example: 'clerk-7' };

/** How one wants to be reached outside the application. An administrator sets an address, but reads none. */
@Controller('api')
export class PreferenceController {
  constructor(
    private readonly preferences: PostgresPreferences,
    private readonly accounts: AccountStore,
  ) {}

  @Get('account/notifications')
  @Action('manage-self')
  @ApiTags('own account')
  @ApiOperation({ summary: 'How one wants to be reached.' })
  @ApiOkResponse({ type: PreferenceDto })
  @ProblemResponses(503)
  own(@SignedIn() { id }: Principal): Promise<Plain<PreferenceDto>> {
    return this.preferenceOf(id);
  }

  @Put('account/notifications')
  @Action('manage-self')
  @ApiTags('own account')
  @ApiOperation({
    summary: 'Says how one wants to be reached, in the place of all that was said before.',
    description: 'In a browser only: who found a token must not have mails sent to himself.',
  })
  @ApiOkResponse({ type: PreferenceDto })
  @ProblemResponses(400, 403, 413, 415, 503)
  async put(
    @SignedIn() principal: Principal,
    @Body() { address, mail, quietHours }: PutPreferenceDto,
  ): Promise<Plain<PreferenceDto>> {
    requireSession(principal);
    this.requireOwn(principal.id);
    checkQuietHours(quietHours);
    await this.preferences.put(principal.id, { address: address ?? null, mail, quietHours });
    return this.preferenceOf(principal.id);
  }

  @Get('accounts/:account/address')
  @Action('manage-accounts')
  @ApiTags('accounts')
  @ApiParam(ID)
  @ApiOperation({ summary: 'Whether an account has an e-mail address.' })
  @ApiOkResponse({ type: HasAddressDto })
  @ProblemResponses(404, 409, 503)
  async hasAddress(@Param('account') account: string): Promise<Plain<HasAddressDto>> {
    this.requireOpen(account);
    return { hasAddress: (await this.preferenceOf(account)).address !== null };
  }

  @Put('accounts/:account/address')
  @Action('manage-accounts')
  @ApiTags('accounts')
  @ApiParam(ID)
  @ApiOperation({ summary: 'Gives an account an e-mail address, in the place of the one it has.' })
  @ApiOkResponse({ type: HasAddressDto })
  @ProblemResponses(400, 404, 409, 413, 415, 503)
  async putAddress(
    @Param('account') account: string,
    @Body() { address }: PutAddressDto,
  ): Promise<Plain<HasAddressDto>> {
    this.requireOpen(account);
    this.requireOwn(account);
    await this.preferences.putAddress(account, address);
    return { hasAddress: true };
  }

  @Delete('accounts/:account/address')
  @Action('manage-accounts')
  @ApiTags('accounts')
  @ApiParam(ID)
  @ApiOperation({ summary: 'Takes the e-mail address of an account away.' })
  @ApiOkResponse({ type: HasAddressDto })
  @ProblemResponses(404, 409, 503)
  async removeAddress(@Param('account') account: string): Promise<Plain<HasAddressDto>> {
    this.requireOpen(account);
    await this.preferences.putAddress(account, null);
    return { hasAddress: false };
  }

  private async preferenceOf(account: string): Promise<Preference> {
    return (await this.preferences.of([account])).get(account) ?? NO_PREFERENCE;
  }

  /** What everybody can sign in to must not have mails sent to whomever somebody names. */
  private requireOwn(id: string): void {
    if (this.accounts.all.get(id)?.demo) throw new Problem('demo-account');
  }

  private requireOpen(id: string): void {
    const account = this.accounts.all.get(id);
    if (!account) throw new Problem('account-unknown', { account: id });
    if (!isOpen(account)) throw new Problem('account-closed', { account: id });
  }
}
