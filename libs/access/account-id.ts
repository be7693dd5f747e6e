/** Id of an account: letters, digits and `. _ -`, at most 64. No name of a person has its way in here. */
export const ACCOUNT_ID = /^[a-z0-9][\w.-]{0,63}$/i;

export const isAccountId = (value: unknown): value is string =>
  typeof value === 'string' && ACCOUNT_ID.test(value);
