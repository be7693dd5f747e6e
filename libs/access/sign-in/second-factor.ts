/** What an account shows beside its password. */
export interface SecondFactor {
  /** Whether the account has one: then no sign-in is complete without it. */
  isNeeded(account: string): Promise<boolean>;
  /** Whether the code is right just now; a right one is used up by that. */
  verify(account: string, code: string): Promise<boolean>;
}

export const SECOND_FACTOR = Symbol('SecondFactor');
