import { Controller, Get, Inject, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { AccountStore } from './accounts/account-store.js';
import { isOpen } from './accounts/account.js';
import { DEMO_PASSWORD, DemoGate } from './demo-gate.js';
import { Public } from './http/action.decorator.js';
import { OIDC_PROVIDER } from './oidc/oidc.controller.js';
import type { OidcProvider } from './oidc/oidc-provider.adapter.js';

class DemoDto {
  @ApiProperty({ type: [String], example: ['clerk', 'official'] })
  accounts!: string[];
  @ApiProperty({ example: 'motcua-demo' })
  password!: string;
}

class SignInWaysDto {
  @ApiProperty({
    description: 'Whether one can sign in at a provider (GET /api/session/oidc).',
    example: false,
  })
  oidc!: boolean;
  @ApiProperty({ type: DemoDto, required: false, description: 'Only on the machine of a demonstration.' })
  demo?: DemoDto;
}

/** What the sign-in page offers. */
@Controller('api/session/ways')
@ApiTags('session')
export class SignInWaysController {
  constructor(
    @Inject(OIDC_PROVIDER) private readonly provider: OidcProvider | null,
    private readonly accounts: AccountStore,
    private readonly gate: DemoGate,
  ) {}

  @Get()
  @Public()
  @ApiOperation({ summary: 'How one can sign in here.' })
  @ApiOkResponse({ type: SignInWaysDto })
  get(@Req() request: FastifyRequest): { oidc: boolean; demo?: { accounts: string[]; password: string } } {
    const demo = [...this.accounts.all.values()]
      .filter((account) => account.demo && isOpen(account) && this.gate.lets(account, request))
      .map(({ id }) => id);
    return {
      oidc: this.provider !== null,
      ...(demo.length > 0 ? { demo: { accounts: demo, password: DEMO_PASSWORD } } : {}),
    };
  }
}
