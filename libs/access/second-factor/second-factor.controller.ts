import { randomUUID } from 'node:crypto';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import qrcode from 'qrcode';
import { Text } from '#libs/http/fields.decorator.js';
import { ProblemResponses } from '#libs/http/problem-responses.decorator.js';
import { Problem } from '#libs/problem/problem.js';
import { Action } from '../http/action.decorator.js';
import { SignedIn } from '../http/caller.decorator.js';
import { requireSession } from '../http/own-session.js';
import { SignInLimiter } from '../limits/sign-in-limiter.js';
import { AccountStore } from '../accounts/account-store.js';
import { NothingDto } from '../accounts/grant.dto.js';
import type { Principal } from '../principal.js';
import { Sessions } from '../sessions/sessions.adapter.js';
import { SecondFactors, type SecondFactorStatus } from './second-factors.adapter.js';

class StatusDto {
  @ApiProperty({ example: true })
  enrolled!: boolean;
  @ApiProperty({ type: String, format: 'date-time', required: false, example: '2024-03-11T02:00:00.000Z' })
  since?: string;
  @ApiProperty({ type: 'integer', example: 10 })
  recoveryCodesLeft!: number;
}

class EnrolmentDto {
  @ApiProperty({
    description: 'To type into an authenticator app.',
    example: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
  })
  secret!: string;
  @ApiProperty({ example: 'otpauth://totp/motcua:clerk-7?issuer=motcua&secret=…' })
  uri!: string;
  @ApiProperty({ description: 'The same as a QR code, in SVG.', example: '<svg …>' })
  qr!: string;
}

class CodeDto {
  @Text({ max: 40, description: 'What the app shows now.', example: '492039' })
  code!: string;
}

class RecoveryCodesDto {
  @ApiProperty({ type: [String], description: 'Shown this once; each is good for one sign-in.' })
  recoveryCodes!: string[];
}

/** One's own second factor; an administrator can take away that of somebody who lost his telephone. */
@Controller('api')
@ApiTags('own account')
export class SecondFactorController {
  constructor(
    private readonly factors: SecondFactors,
    private readonly accounts: AccountStore,
    private readonly limiter: SignInLimiter,
    private readonly sessions: Sessions,
  ) {}

  @Get('second-factor')
  @Action('manage-self')
  @ApiOperation({ summary: 'Whether one has a second factor.' })
  @ApiOkResponse({ type: StatusDto })
  @ProblemResponses(503)
  status(@SignedIn() { id }: Principal): Promise<SecondFactorStatus> {
    return this.factors.status(id);
  }

  @Post('second-factor/begin')
  @Action('manage-self')
  @HttpCode(200)
  @ApiOperation({ summary: 'A new secret for an authenticator app. It counts once a code of it was shown.' })
  @ApiOkResponse({ type: EnrolmentDto })
  @ProblemResponses(400, 409, 413, 415, 503)
  async begin(
    @SignedIn() principal: Principal,
    @Body() _: NothingDto,
  ): Promise<Readonly<Record<keyof EnrolmentDto, string>>> {
    this.requireOwn(principal);
    const enrolment = await this.factors.begin(principal.id);
    return { ...enrolment, qr: await qrcode.toString(enrolment.uri, { type: 'svg', margin: 2 }) };
  }

  @Post('second-factor/confirm')
  @Action('manage-self')
  @HttpCode(200)
  @ApiOperation({ summary: 'Begins to ask for the second factor, and gives recovery codes.' })
  @ApiOkResponse({ type: RecoveryCodesDto })
  @ProblemResponses(400, 409, 413, 415, 422, 429, 503)
  async confirm(
    @SignedIn() principal: Principal,
    @Req() request: FastifyRequest,
    @Body() { code }: CodeDto,
  ): Promise<{ recoveryCodes: string[] }> {
    this.requireOwn(principal);
    await this.limiter.beginCode({ account: principal.id, address: request.ip });
    const recoveryCodes = await this.factors.confirm(principal.id, code);
    await this.note(principal.id, principal.id, 'enrolled');
    return { recoveryCodes };
  }

  @Post('second-factor/remove')
  @Action('manage-self')
  @HttpCode(200)
  @ApiOperation({ summary: 'Takes the second factor away; needs a code of it.' })
  @ApiOkResponse({ type: StatusDto })
  @ProblemResponses(400, 409, 413, 415, 422, 429, 503)
  async remove(
    @SignedIn() principal: Principal,
    @Req() request: FastifyRequest,
    @Body() { code }: CodeDto,
  ): Promise<SecondFactorStatus> {
    this.requireOwn(principal);
    await this.limiter.beginCode({ account: principal.id, address: request.ip });
    if (!(await this.factors.isNeeded(principal.id))) throw new Problem('second-factor-missing');
    if (!(await this.factors.verify(principal.id, code))) throw new Problem('code-wrong');
    await this.factors.remove(principal.id);
    await this.note(principal.id, principal.id, 'removed');
    return this.factors.status(principal.id);
  }

  @Delete('accounts/:account/second-factor')
  @Action('manage-accounts')
  @ApiParam({ name: 'account', example: 'clerk-7' })
  @ApiOperation({ summary: 'Takes away the second factor of somebody who lost it, and ends his sessions.' })
  @ApiOkResponse({ type: StatusDto })
  @ProblemResponses(404, 409, 503)
  async reset(
    @SignedIn() { id: actor }: Principal,
    @Param('account') account: string,
  ): Promise<SecondFactorStatus> {
    if (!this.accounts.all.has(account)) throw new Problem('account-unknown', { account });
    if (!(await this.factors.remove(account))) throw new Problem('second-factor-missing');
    await this.sessions.endAll(account);
    await this.note(actor, account, 'reset');
    return this.factors.status(account);
  }

  /** Of an account of ours, and at a browser: a token must not open doors, and a provider has factors of its own. */
  private requireOwn(principal: Principal): void {
    requireSession(principal);
    if (!this.accounts.all.has(principal.id)) throw new Problem('account-unknown', { account: principal.id });
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
