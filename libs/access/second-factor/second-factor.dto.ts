import { ApiProperty } from '@nestjs/swagger';
import { Text } from '#libs/http/fields.decorator.js';
import { SecretField } from '../sign-in/secret.decorator.js';

const CSRF = 'KQ5nXfEGoZ1cHn3r1vXQmUuQ4yBv0o6wO4a0o7m3o2M';

export class StatusDto {
  @ApiProperty({ example: true })
  enrolled!: boolean;
  @ApiProperty({ type: String, format: 'date-time', required: false, example: '2024-03-11T02:00:00.000Z' })
  since?: string;
  @ApiProperty({ type: 'integer', example: 10 })
  recoveryCodesLeft!: number;
}

export class EnrolmentDto {
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

export class BeginEnrolmentDto {
  @SecretField({ example: 'con mèo trèo cây cau' })
  password!: string;
}

export class CodeDto {
  @Text({ max: 40, description: 'What the app shows now.', example: '492039' })
  code!: string;
}

export class RecoveryCodesDto {
  @ApiProperty({ type: [String], description: 'Shown this once; each is good for one sign-in.' })
  recoveryCodes!: string[];
  @ApiProperty({
    description: 'Of the new session, for which that of the browser was changed.',
    example: CSRF,
  })
  csrfToken!: string;
}

export class RemovedDto extends StatusDto {
  @ApiProperty({
    description: 'Of the new session, for which that of the browser was changed.',
    example: CSRF,
  })
  csrfToken!: string;
}
