/** Does away with what is kept of an account for as long as it is open, and can be done again. */
export type OnClosed = (account: string) => Promise<void>;
export const ON_CLOSED = Symbol('OnClosed');
