import { Problem } from '#libs/problem/problem.js';

/** NIST SP 800-63B rev. 4, 3.1.1.2: 15 where it is the only factor, 8 beside another one; 64 at least must be taken. */
export const SHORTEST = { alone: 15, withSecondFactor: 8 };
export const LONGEST = 128;

/** How many tries, as a power of ten, somebody needs who knows these words and what people choose. */
export type CountGuesses = (password: string, words: readonly string[]) => number;
/** A random one of 8 characters needs 8 by the same count; a year after the name of the account, 4. */
const FEWEST_GUESSES = { alone: 10, withSecondFactor: 7.5 };

/** Compatibility forms are one password: the same keys on another keyboard give the same bytes. */
export const normalised = (password: string): string => password.normalize('NFKC');

const PRODUCT = ['motcua', 'một cửa', 'mot cua', 'motcua-demo'];

/**
 * Any characters and no rules about their mixture; but neither too short nor easy to guess.
 * @returns it normalised
 * @throws Problem invalid-request, at `pointer`
 */
export function checkedPassword(
  given: string,
  {
    account,
    secondFactor,
    pointer,
    countGuesses,
  }: { account: string; secondFactor: boolean; pointer: string; countGuesses: CountGuesses },
): string {
  const password = normalised(given);
  const length = Array.from(password).length;
  const kind = secondFactor ? 'withSecondFactor' : 'alone';
  const min = SHORTEST[kind];
  const refuse = (rule: string, details = {}): never => {
    throw new Problem('invalid-request', {}, [{ pointer, rule, details }]);
  };
  if (!password.isWellFormed()) refuse('plainText');
  if (length < min) refuse('passwordShort', { min });
  if (length > LONGEST) refuse('maxLength', { max: LONGEST });
  const words = [account, ...account.split(/[._-]+/), ...PRODUCT];
  if (countGuesses(password, words) < FEWEST_GUESSES[kind]) refuse('passwordGuessable');
  return password;
}
