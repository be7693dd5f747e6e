import { randomBytes } from 'node:crypto';
import { hash, parseOptions, verify } from '@node-rs/argon2';

/**
 * Argon2id, 46 MiB and two passes: above the least that OWASP's Password Storage Cheat Sheet names (46 MiB, one pass).
 * Raised here, every hash is made anew at the next sign-in.
 */
const PARAMETERS = { memoryCost: 47_104, timeCost: 2, parallelism: 1, outputLen: 32 };

/** Of a password that nobody knows, for accounts that there are not: made with the same cost. */
let nobodys: Promise<string> | undefined;
const hashOfNobody = (): Promise<string> =>
  (nobodys ??= hash(randomBytes(32).toString('base64url'), PARAMETERS));

export const hashPassword = (password: string): Promise<string> => hash(password, PARAMETERS);

/** Takes as long where there is no hash. */
export async function verifyPassword(stored: string | undefined, password: string): Promise<boolean> {
  const dummy = await hashOfNobody();
  const matches = await verify(stored ?? dummy, password);
  return stored !== undefined && matches;
}

/** Whether it was made with less than is asked for today. */
export function isOutdated(stored: string): boolean {
  const { memoryCost, timeCost, parallelism, outputLen } = parseOptions(stored);
  const made = { memoryCost, timeCost, parallelism, outputLen };
  return Object.entries(PARAMETERS).some(([name, value]) => made[name as keyof typeof made] !== value);
}
