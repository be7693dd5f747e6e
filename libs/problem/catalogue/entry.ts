/** What sort of problem it is; HTTP and the command line give it a status. */
export type ProblemKind =
  | 'malformed'
  | 'unauthenticated'
  | 'forbidden'
  | 'unknown'
  | 'conflict'
  | 'too-large'
  | 'headers-too-large'
  | 'unsupported'
  | 'impossible'
  | 'precondition'
  | 'too-many'
  | 'too-slow'
  | 'unavailable'
  | 'broken';

export interface Words {
  readonly vi: string;
  readonly en: string;
}

export interface ProblemText {
  readonly kind: ProblemKind;
  readonly title: Words;
  /** What is wrong and how to mend it; `{name}` stands for a member of the problem's details. */
  readonly detail: Words;
}

/** Title and detail in Vietnamese, then both in English. */
export const entry = (kind: ProblemKind, vi: [string, string], en: [string, string]): ProblemText => ({
  kind,
  title: { vi: vi[0], en: en[0] },
  detail: { vi: vi[1], en: en[1] },
});
