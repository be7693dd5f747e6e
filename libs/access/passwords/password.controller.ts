import { Body, Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Plain } from '#libs/http/plain.js';
import { ProblemResponses } from '#libs/http/problem-responses.decorator.js';
import { Problem } from '#libs/problem/problem.js';
import { AccountStore } from '../accounts/account-store.js';
import { Action, Public, WhileEnrolling } from '../http/action.decorator.js';
import { SignedIn } from '../http/caller.decorator.js';
import { requireSession } from '../http/own-session.js';
import type { Principal } from '../principal.js';
import { BrowserSessions } from '../sessions/browser-sessions.adapter.js';
import { requireSameOrigin } from '../sessions/csrf.js';
import { Sessions } from '../sessions/sessions.adapter.js';
import { DEVICE_COOKIE, type DeviceCookie } from '../sign-in/limiter.js';
import { SecretField } from '../sign-in/secret.decorator.js';
import { SignIn } from '../sign-in/sign-in.js';

class ChangePasswordDto {
  @SecretField({ example: 'con mèo trèo cây cau' })
  password!: string;

  @SecretField({ example: 'hỏi thăm chú chuột đi đâu' })
  newPassword!: string;
}

class SetUpPasswordDto {
  @SecretField({ example: 'setup_m3X0V6p1gq0H4o2tq6m2n3lq1Yc0sK6b8vJmH2aWd0c' })
  token!: string;

  @SecretField({ example: 'hỏi thăm chú chuột đi đâu' })
  newPassword!: string;
}

class PasswordSetDto {
  @ApiProperty({ type: String, example: 'clerk-7' })
  account!: string;

  @ApiProperty({
    type: String,
    required: false,
    description: 'Of the new session, which the one that asked was changed for.',
    example: 'KQ5nXfEGoZ1cHn3r1vXQmUuQ4yBv0o6wO4a0o7m3o2M',
  })
  csrfToken?: string;
}

/** Passwords, which their owners alone set. */
@Controller('api/password')
@ApiTags('own account')
export class PasswordController {
  constructor(
    private readonly accounts: AccountStore,
    private readonly signing: SignIn,
    private readonly browser: BrowserSessions,
    private readonly sessions: Sessions,
    @Inject(DEVICE_COOKIE) private readonly deviceCookie: DeviceCookie,
  ) {}

  @Post()
  @Action('manage-self')
  @WhileEnrolling()
  @HttpCode(200)
  @ApiOperation({ summary: 'Changes the own password, and ends all other sessions.' })
  @ApiResponse({ status: 200, type: PasswordSetDto })
  @ProblemResponses(400, 401, 403, 413, 415, 429, 503)
  async change(
    @SignedIn() principal: Principal,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() { password, newPassword }: ChangePasswordDto,
  ): Promise<Plain<PasswordSetDto>> {
    requireSession(principal);
    const { id: account } = principal;
    if (this.accounts.all.get(account)?.demo) throw new Problem('demo-account');
    const cookie = this.deviceCookie?.(account);
    const device = cookie === undefined ? undefined : request.cookies[cookie];
    const attempt = { account, password, address: request.ip, device };
    await this.signing.changePassword(attempt, newPassword);
    const { csrfToken } = await this.browser.renew(request, reply);
    return { account, csrfToken };
  }

  @Post('set-up')
  @Public()
  @HttpCode(200)
  @ApiOperation({ summary: 'Sets a password by a set-up token, and ends all sessions of the account.' })
  @ApiResponse({ status: 200, type: PasswordSetDto })
  @ProblemResponses(400, 401, 403, 413, 415, 503)
  async setUp(
    @Req() request: FastifyRequest,
    @Body() { token, newPassword }: SetUpPasswordDto,
  ): Promise<Plain<PasswordSetDto>> {
    requireSameOrigin(request);
    const account = await this.signing.setUp(token, newPassword, (id) => this.accounts.all.get(id));
    await this.sessions.endAll(account);
    return { account };
  }
}
