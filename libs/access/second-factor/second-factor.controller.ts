import { randomUUID } from 'node:crypto';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import qrcode from 'qrcode';
import type { Plain } from '#libs/http/plain.js';
import { ProblemResponses } from '#libs/http/problem-responses.decorator.js';
import { Problem } from '#libs/problem/problem.js';
import { AccountStore } from '../accounts/account-store.js';
import { Action, WhileEnrolling } from '../http/action.decorator.js';
import { SignedIn } from '../http/caller.decorator.js';
import { requireSession } from '../http/own-session.js';
import { SignInLimiter } from '../limits/sign-in-limiter.js';
import type { Principal } from '../principal.js';
import { BrowserSessions } from '../sessions/browser-sessions.adapter.js';
import { Sessions } from '../sessions/sessions.adapter.js';
import { DEVICE_COOKIE, type DeviceCookie } from '../sign-in/limiter.js';
import { SignIn } from '../sign-in/sign-in.js';
import {
  BeginEnrolmentDto,
  CodeDto,
  EnrolmentDto,
  RecoveryCodesDto,
  RemovedDto,
  StatusDto,
} from './second-factor.dto.js';
import { SecondFactors } from './second-factors.adapter.js';

/** One's own second factor; an administrator can take away that of somebody who lost his telephone. */
@Controller('api')
@ApiTags('own account')
export class SecondFactorController {
  constructor(
    private readonly factors: SecondFactors,
    private readonly accounts: AccountStore,
    private readonly limiter: SignInLimiter,
    private readonly signing: SignIn,
    private readonly browser: BrowserSessions,
    private readonly sessions: Sessions,
    @Inject(DEVICE_COOKIE) private readonly deviceCookie: DeviceCookie,
  ) {}

  @Get('second-factor')
  @Action('manage-self')
  @WhileEnrolling()
  @ApiOperation({ summary: 'Whether one has a second factor.' })
  @ApiOkResponse({ type: StatusDto })
  @ProblemResponses(503)
  status(@SignedIn() { id }: Principal): Promise<Plain<StatusDto>> {
    return this.factors.status(id);
  }

  @Post('second-factor/begin')
  @Action('manage-self')
  @WhileEnrolling()
  @HttpCode(200)
  @ApiOperation({
    summary: 'A new secret for an authenticator app. It counts once a code of it was shown.',
    description:
      'Needs the password, so that nobody can enrol his own telephone at somebody else’s open desk.',
  })
  @ApiOkResponse({ type: EnrolmentDto })
  @ProblemResponses(400, 409, 413, 415, 429, 503)
  async begin(
    @SignedIn() principal: Principal,
    @Req() request: FastifyRequest,
    @Body() { password }: BeginEnrolmentDto,
  ): Promise<Plain<EnrolmentDto>> {
    const account = this.requireOwn(principal);
    const cookie = this.deviceCookie?.(account);
    const device = cookie === undefined ? undefined : request.cookies[cookie];
    await this.signing.provePassword({ account, password, address: request.ip, device });
    const enrolment = await this.factors.begin(account);
    return { ...enrolment, qr: await qrcode.toString(enrolment.uri, { type: 'svg', margin: 2 }) };
  }

  @Post('second-factor/confirm')
  @Action('manage-self')
  @WhileEnrolling()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Begins to ask for the second factor, gives recovery codes, and ends all other sessions.',
  })
  @ApiOkResponse({ type: RecoveryCodesDto })
  @ProblemResponses(400, 409, 413, 415, 422, 429, 503)
  async confirm(
    @SignedIn() principal: Principal,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() { code }: CodeDto,
  ): Promise<Plain<RecoveryCodesDto>> {
    const account = this.requireOwn(principal);
    await this.limiter.beginCode({ account, address: request.ip });
    const recoveryCodes = await this.factors.confirm(account, code);
    await this.note(account, account, 'enrolled');
    const { csrfToken } = await this.browser.renew(request, reply, { how: 'password+totp' });
    return { recoveryCodes, csrfToken };
  }

  @Post('second-factor/remove')
  @Action('manage-self')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Takes the second factor away, and ends all other sessions; needs a code of it.',
  })
  @ApiOkResponse({ type: RemovedDto })
  @ProblemResponses(400, 409, 413, 415, 422, 429, 503)
  async remove(
    @SignedIn() principal: Principal,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() { code }: CodeDto,
  ): Promise<Plain<RemovedDto>> {
    const account = this.requireOwn(principal);
    await this.limiter.beginCode({ account, address: request.ip });
    if (!(await this.factors.isNeeded(account))) throw new Problem('second-factor-missing');
    if (!(await this.factors.verify(account, code))) throw new Problem('code-wrong');
    await this.factors.remove(account);
    await this.note(account, account, 'removed');
    const { csrfToken } = await this.browser.renew(request, reply, { how: 'password' });
    return { ...(await this.factors.status(account)), csrfToken };
  }

  @Delete('accounts/:account/second-factor')
  @Action('manage-accounts')
  @ApiParam({ name: 'account', example: 'clerk-7' })
  @ApiOperation({
    summary: 'Takes away the second factor of somebody else who lost it, and ends his sessions.',
  })
  @ApiOkResponse({ type: StatusDto })
  @ProblemResponses(404, 409, 503)
  async reset(
    @SignedIn() { id: actor }: Principal,
    @Param('account') account: string,
  ): Promise<Plain<StatusDto>> {
    if (!this.accounts.all.has(account)) throw new Problem('account-unknown', { account });
    // One’s own is removed by a code of it, whatever role one has.
    if (account === actor) throw new Problem('own-account');
    if (!(await this.factors.remove(account))) throw new Problem('second-factor-missing');
    await this.sessions.endAll(account);
    await this.note(actor, account, 'reset');
    return this.factors.status(account);
  }

  /** Of an account of ours, and at a browser: a token must not open doors, and a provider has factors of its own. */
  private requireOwn(principal: Principal): string {
    requireSession(principal);
    const { id: account } = principal;
    const known = this.accounts.all.get(account);
    if (!known) throw new Problem('account-unknown', { account });
    if (known.demo) throw new Problem('demo-account');
    return account;
  }

  private async note(
    actor: string,
    account: string,
    change: 'enrolled' | 'removed' | 'reset',
  ): Promise<void> {
    const key = randomUUID();
    await this.accounts.carryOut(
      { do: 'note-second-factor', account, change },
      { actor, key, correlationId: key },
    );
  }
}
