import { type DynamicModule, Module } from '@nestjs/common';
import type { Pool } from 'pg';
import type { Clock } from '#libs/event-log/clock.js';
import { AccountStore } from './accounts/account-store.js';
import { AccountAccessController } from './accounts/account-access.controller.js';
import { AccountController } from './accounts/account.controller.js';
import { DelegationController } from './accounts/delegation.controller.js';
import { TokenController } from './accounts/token.controller.js';
import { RequestAuthenticator } from './authenticator.adapter.js';
import { AUTHENTICATOR } from './authenticator.js';
import { DemoGate } from './demo-gate.js';
import { hashPassword, isOutdated, verifyPassword } from './passwords/argon2.adapter.js';
import { loadCountGuesses } from './passwords/count-guesses.adapter.js';
import { Credentials } from './passwords/credentials.adapter.js';
import { PasswordController } from './passwords/password.controller.js';
import type { Role } from './principal.js';
import { BrowserSessions } from './sessions/browser-sessions.adapter.js';
import type { SessionLimits } from './sessions/session.js';
import { SessionController } from './sessions/session.controller.js';
import { Sessions } from './sessions/sessions.adapter.js';
import { SessionsController } from './sessions/sessions.controller.js';
import { DEVICE_COOKIE, type DeviceCookie, type Limiter } from './sign-in/limiter.js';
import { SECOND_FACTOR, type SecondFactor } from './sign-in/second-factor.js';
import { SignIn } from './sign-in/sign-in.js';

export interface AccessParts {
  readonly accounts: AccountStore;
  readonly limiter: Limiter;
  /** Name of the cookie by which a device is known to an account; undefined for none. */
  readonly deviceCookie: DeviceCookie;
  readonly secondFactor: SecondFactor;
  /** Whether accounts of the demonstration work at all. */
  readonly demo: boolean;
  readonly sessionLimits: SessionLimits;
  /** Who has one of these needs a second factor. */
  readonly secondFactorRoles: readonly Role[];
}

/** All that answers for who is calling. */
export interface Access extends Pick<AccessParts, 'accounts' | 'secondFactor' | 'deviceCookie'> {
  readonly authenticator: RequestAuthenticator;
  readonly passwords: Credentials;
  readonly sessions: Sessions;
  readonly browserSessions: BrowserSessions;
  readonly demoGate: DemoGate;
  readonly signIn: SignIn;
}

export function accessOf(parts: AccessParts, { pool, clock }: { pool: Pool; clock: Clock }): Access {
  const { accounts, limiter, secondFactor, deviceCookie } = parts;
  const passwords = new Credentials(pool, clock);
  const sessions = new Sessions(pool, clock, parts.sessionLimits);
  const demoGate = new DemoGate(parts.demo);
  const hashing = { hash: hashPassword, verify: verifyPassword, isOutdated };
  return {
    ...{ accounts, secondFactor, deviceCookie, passwords, sessions, demoGate },
    authenticator: new RequestAuthenticator(accounts, sessions, demoGate, parts.secondFactorRoles),
    browserSessions: new BrowserSessions(sessions),
    signIn: new SignIn({ passwords, hashing, limiter, secondFactor, loadCountGuesses }),
  };
}

/** Accounts, sessions and passwords over HTTP. */
@Module({})
export class AccessModule {
  static of(access: Access): DynamicModule {
    const values: [unknown, unknown][] = [
      [AccountStore, access.accounts],
      [Credentials, access.passwords],
      [Sessions, access.sessions],
      [BrowserSessions, access.browserSessions],
      [RequestAuthenticator, access.authenticator],
      [AUTHENTICATOR, access.authenticator],
      [DemoGate, access.demoGate],
      [SignIn, access.signIn],
      [SECOND_FACTOR, access.secondFactor],
      [DEVICE_COOKIE, access.deviceCookie],
    ];
    return {
      module: AccessModule,
      global: true,
      controllers: [
        ...[SessionController, SessionsController, PasswordController],
        ...[DelegationController, TokenController, AccountController, AccountAccessController],
      ],
      providers: values.map(([provide, useValue]) => ({ provide: provide as symbol, useValue })),
      exports: values.map(([provide]) => provide as symbol),
    };
  }
}
