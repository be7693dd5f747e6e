import { Secret, TOTP } from 'otpauth';

/** What an authenticator app shows at an instant. */
export const codeAt = (secretBase32: string, now: number): string =>
  TOTP.generate({ secret: Secret.fromBase32(secretBase32), timestamp: now });
