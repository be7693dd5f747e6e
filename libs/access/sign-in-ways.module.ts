import { type DynamicModule, Module } from '@nestjs/common';
import { SignInLimiter } from './limits/sign-in-limiter.js';
import { OIDC_PROVIDER, OidcController } from './oidc/oidc.controller.js';
import type { OidcProvider } from './oidc/oidc-provider.adapter.js';
import { SecondFactorController } from './second-factor/second-factor.controller.js';
import { SecondFactors } from './second-factor/second-factors.adapter.js';
import { SignInWaysController } from './sign-in-ways.controller.js';

export interface SignInWays {
  readonly limiter: SignInLimiter;
  readonly secondFactors: SecondFactors;
  /** Null without one. */
  readonly oidc: OidcProvider | null;
}

/** Ways to sign in beside a password. */
@Module({})
export class SignInWaysModule {
  static of({ limiter, secondFactors, oidc }: SignInWays): DynamicModule {
    return {
      module: SignInWaysModule,
      controllers: [OidcController, SecondFactorController, SignInWaysController],
      providers: [
        { provide: SignInLimiter, useValue: limiter },
        { provide: SecondFactors, useValue: secondFactors },
        { provide: OIDC_PROVIDER, useValue: oidc },
      ],
    };
  }
}
