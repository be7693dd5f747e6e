/** What a mail server, or the way to it, answered. The library's message and answer hold the address: they are left out. */
export interface SmtpFailure {
  /** Of the library or the system, such as `ECONNECTION`. */
  readonly code?: string | undefined;
  /** SMTP command that was answered. */
  readonly command?: string | undefined;
  readonly responseCode?: number | undefined;
  readonly response?: string | undefined;
}

/**
 * Whether there is no such mailbox, so that trying again by itself is in vain: RFC 5321 section 4.2.3 and RFC 3463. Who may not
 * send (5.7, 530), or whose mailbox is full (5.2.2, 552), is no such case: that is mended, and then the address is right.
 */
export function isForGood({ command, responseCode = 0, response = '' }: SmtpFailure): boolean {
  if (command !== 'RCPT TO' || responseCode < 500 || responseCode === 530 || responseCode === 552)
    return false;
  return !/^5\d\d[ -]5\.(?:7\.\d+|2\.2)\b/.test(response);
}

/** What went wrong, without the address: it goes to logs and to lists of what failed. */
export function describeFailure({ code, command, responseCode }: SmtpFailure): string {
  const answer = [responseCode, command && `to ${command}`].filter(Boolean).join(' ');
  return `the mail was not taken: ${code ?? 'error'}${answer && ` (${answer})`}`;
}
