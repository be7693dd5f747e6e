import type { Json } from '#libs/event-log/json.js';

/** Values for the text of a problem, and machine-readable members of its answer. */
export type ProblemDetails = Readonly<Record<string, Json>>;

/** One field that is wrong: where (JSON pointer into the body, or `query:name`, or `header:Name`) and how to mend it. */
export interface FieldProblem {
  readonly pointer: string;
  /** Key into the catalogue of field messages, or of problem types. */
  readonly rule: string;
  readonly details?: ProblemDetails;
}

/**
 * Something a user asked that cannot be done as asked. `type` is a key of the catalogue, which holds the words in
 * Vietnamese and English; what it means over HTTP is decided where HTTP is known.
 */
export class Problem extends Error {
  constructor(
    readonly type: string,
    readonly details: ProblemDetails = {},
    readonly fields: readonly FieldProblem[] = [],
  ) {
    super(`${type} ${JSON.stringify(details)}`);
    this.name = 'Problem';
  }
}
