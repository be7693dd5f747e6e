/** A calendar, limit, pause or instant that cannot be computed with; the message says what is wrong, in one line. */
export class CalendarError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CalendarError';
  }
}
