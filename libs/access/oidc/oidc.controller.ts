import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CLOCK, type Clock } from '#libs/event-log/clock.js';
import { EVENT_LOG, type EventLog } from '#libs/event-log/event-log.js';
import { ProblemResponses } from '#libs/http/problem-responses.decorator.js';
import { VAULT, type Vault } from '#libs/personal-data/vault.js';
import { Problem } from '#libs/problem/problem.js';
import { AccountStore } from '../accounts/account-store.js';
import { Public } from '../http/action.decorator.js';
import {
  BrowserSessions,
  cookieName,
  cookieOptions,
  onlyCookie,
} from '../sessions/browser-sessions.adapter.js';
import { bindProviderAccount } from './bind-provider-account.js';
import { whoIs } from './mapping.js';
import type { OidcProvider } from './oidc-provider.adapter.js';
import { returnPath } from './return-path.js';
import { readTransaction, TRANSACTION_SECONDS, writeTransaction } from './transaction.js';

export const OIDC_PROVIDER = Symbol('OidcProvider');

const AFTER_SIGN_IN = '/account';
const SIGN_IN_PAGE = '/sign-in';
/** Cookie of what must be known again at the callback. */
const TRANSACTION = 'motcua_oidc';

/** Signing in at the office's own provider (OpenID Connect). */
@Controller('api/session/oidc')
@ApiTags('session')
export class OidcController {
  private readonly sign: (text: string) => Buffer;

  constructor(
    @Inject(OIDC_PROVIDER) private readonly provider: OidcProvider | null,
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(VAULT) vault: Vault,
    private readonly accounts: AccountStore,
    private readonly browser: BrowserSessions,
  ) {
    this.sign = (text) => vault.digest('oidc', text);
  }

  @Get()
  @Public()
  @ApiOperation({ summary: 'Sends the browser to the provider to sign in.' })
  @ApiQuery({ name: 'returnTo', required: false, description: 'Path of this service to go to afterwards.' })
  @ApiResponse({ status: 302, description: 'To the provider.' })
  @ProblemResponses(404, 503)
  async begin(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query('returnTo') returnTo: unknown,
  ): Promise<void> {
    await this.orTold(request, reply, async () => {
      const { url, transaction } = await this.required().begin();
      const whole = { ...transaction, returnTo: returnPath(returnTo, AFTER_SIGN_IN) };
      const cookie = writeTransaction(whole, this.clock.now(), this.sign);
      void reply.setCookie(cookieName(request, TRANSACTION), cookie, {
        ...cookieOptions(request),
        maxAge: TRANSACTION_SECONDS,
      });
      await reply.redirect(url.href, 302);
    });
  }

  @Get('callback')
  @Public()
  @ApiOperation({ summary: 'Where the provider sends the browser back to.' })
  @ApiResponse({ status: 303, description: 'Signed in: to where the browser wanted to go.' })
  @ProblemResponses(403, 404, 503)
  async finish(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.orTold(request, reply, async () => {
      const provider = this.required();
      const cookie = onlyCookie(request, cookieName(request, TRANSACTION));
      void reply.clearCookie(cookieName(request, TRANSACTION), cookieOptions(request));
      const transaction = readTransaction(cookie, this.clock.now(), this.sign);
      if (!transaction) throw new Problem('oidc-answer-wrong');
      const query = request.url.includes('?') ? request.url.slice(request.url.indexOf('?')) : '';
      const { subject, claims } = await provider.finish(query, transaction);
      const { account, grants } = whoIs(claims, provider.settings.mapping);
      if (this.accounts.all.has(account)) throw new Problem('oidc-account-taken', { account });
      const { issuer } = provider.settings;
      await bindProviderAccount(this.log, this.clock, { account, issuer, subject, grants }, request.id);
      await this.browser.begin(request, reply, { account, how: 'oidc', grants });
      await reply.redirect(transaction.returnTo, 303);
    });
  }

  @Get('end')
  @Public()
  @ApiOperation({
    summary: 'Sends the browser to the provider to sign out there, too; ends no session here.',
  })
  @ApiResponse({
    status: 302,
    description: 'To the provider, or to the sign-in page if it has no such place.',
  })
  @ProblemResponses(404, 503)
  async end(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.orTold(request, reply, async () => {
      const url = await this.required().signOutUrl();
      await reply.redirect(url?.href ?? SIGN_IN_PAGE, 302);
    });
  }

  private required(): OidcProvider {
    if (!this.provider) throw new Problem('oidc-off');
    return this.provider;
  }

  /** Who sits at a browser is told on the sign-in page; all others get the problem itself. */
  private async orTold(
    request: FastifyRequest,
    reply: FastifyReply,
    work: () => Promise<void>,
  ): Promise<void> {
    try {
      await work();
    } catch (error) {
      const isPage = request.headers.accept?.includes('text/html') === true;
      if (!(error instanceof Problem) || !isPage) throw error;
      await reply.redirect(`${SIGN_IN_PAGE}?problem=${error.type}`, 303);
    }
  }
}
