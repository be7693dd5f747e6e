import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Plain } from '#libs/http/plain.js';
import { ProblemResponses } from '#libs/http/problem-responses.decorator.js';
import { Problem } from '#libs/problem/problem.js';
import type { Account } from '../accounts/account.js';
import { AccountStore } from '../accounts/account-store.js';
import { RequestAuthenticator } from '../authenticator.adapter.js';
import { DemoGate } from '../demo-gate.js';
import { Public } from '../http/action.decorator.js';
import type { Principal } from '../principal.js';
import { DEVICE_COOKIE, type DeviceCookie } from '../sign-in/limiter.js';
import { SignIn } from '../sign-in/sign-in.js';
import { BrowserSessions, cookieOptions } from './browser-sessions.adapter.js';
import { requireSameOrigin } from './csrf.js';
import { EndedDto, SignInDto, WhoAmIDto } from './session.dto.js';

/** As long as the proof in it is worth something. */
const DEVICE_SECONDS = 180 * 86_400;

/** Signing in and out, and who one is. Public, so that also somebody without any role can sign out. */
@Controller('api/session')
@ApiTags('session')
export class SessionController {
  constructor(
    private readonly accounts: AccountStore,
    private readonly authenticator: RequestAuthenticator,
    private readonly browser: BrowserSessions,
    private readonly demo: DemoGate,
    private readonly signing: SignIn,
    @Inject(DEVICE_COOKIE) private readonly deviceCookie: DeviceCookie,
  ) {}

  @Post()
  @Public()
  @HttpCode(201)
  @ApiOperation({
    summary: 'Signs in with a password, and sets the cookie of a session.',
    description:
      'What is wrong (account, password, code) is not told. A session that the browser had is ended.',
  })
  @ApiResponse({ status: 201, type: WhoAmIDto })
  @ProblemResponses(400, 401, 403, 413, 415, 429, 503)
  async signIn(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() { account, password, code }: SignInDto,
  ): Promise<Plain<WhoAmIDto>> {
    requireSameOrigin(request);
    const cookie = this.deviceCookie?.(account);
    const device = cookie === undefined ? undefined : request.cookies[cookie];
    const attempt = { account, password, code, address: request.ip, device };
    const proven = await this.signing.signIn(attempt, (id) => this.mayFrom(request, id));
    const { id, how } = { id: proven.account, how: proven.how };
    const { session, csrfToken } = await this.browser.begin(request, reply, {
      account: id,
      how,
      grants: null,
    });
    if (cookie !== undefined) {
      void reply.setCookie(cookie, proven.device, { ...cookieOptions(request), maxAge: DEVICE_SECONDS });
    }
    const principal = this.authenticator.principalOf(session);
    if (!principal) throw new Problem('sign-in-failed');
    return whoAmI(principal, csrfToken);
  }

  @Get()
  @Public()
  @ApiOperation({ summary: 'Who is signed in, what he may do, and the CSRF token of the session.' })
  @ApiOkResponse({ type: WhoAmIDto })
  @ProblemResponses(401, 503)
  async get(@Req() request: FastifyRequest): Promise<Plain<WhoAmIDto>> {
    const principal = await this.signedIn(request);
    const current = principal.session === undefined ? undefined : await this.browser.current(request);
    return whoAmI(principal, current?.csrfToken ?? null);
  }

  @Delete()
  @Public()
  @ApiOperation({ summary: 'Signs out: ends the session, and takes the cookie away.' })
  @ApiOkResponse({ type: EndedDto })
  @ProblemResponses(401, 403, 503)
  async signOut(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Plain<EndedDto>> {
    const { session } = await this.signedIn(request);
    if (session === undefined) throw new Problem('session-needed');
    await this.browser.end(request, reply);
    return { ended: 1 };
  }

  private async signedIn(request: FastifyRequest): Promise<Principal> {
    const principal = await this.authenticator.authenticate(request);
    if (!principal) throw new Problem('not-signed-in');
    return principal;
  }

  private mayFrom(request: FastifyRequest, id: string): Account | undefined {
    const account = this.accounts.all.get(id);
    return this.demo.lets(account, request) ? account : undefined;
  }
}

const whoAmI = (
  { id, by, grants, secondFactorDue = false }: Principal,
  csrfToken: string | null,
): Plain<WhoAmIDto> => ({ account: id, by, grants, secondFactorDue, csrfToken });
