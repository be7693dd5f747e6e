import { toUtc } from '#libs/http/instant.js';
import { Problem } from '#libs/problem/problem.js';
import type { Channel } from '../dossier.events.js';
import type { Status } from '../dossier.js';
import type { Row } from './row.js';

/** What to list, beside where. Instants are ISO 8601; everything left out does not narrow. */
export interface WorklistFilter {
  readonly states?: readonly Status[];
  readonly unit?: string;
  readonly official?: string;
  readonly procedure?: string;
  readonly channel?: Channel;
  /** Still open, and due before this instant. */
  readonly dueBefore?: string;
  /** Still open, and late at this instant; one whose clock stands still is late if it was when it stopped. */
  readonly overdueAt?: string;
  /** Something proposed waits for a second person. */
  readonly proposal?: 'open';
  /** Words: each must begin a word of the code or of a name, or be a whole identity or telephone number. */
  readonly q?: string;
  readonly sort?: WorklistSort;
  /** At most 200; default 50. */
  readonly limit?: number;
  /** `next` of the page before. */
  readonly cursor?: string;
}

export type WorklistSort = 'due' | 'accepted';

export interface WorklistPage {
  readonly items: readonly WorklistItem[];
  /** Cursor of the next page; null if this is the last one. */
  readonly next: string | null;
  /** Every event of the log up to here is in this answer. */
  readonly position: bigint;
}

export type WorklistItem = Omit<Row, 'desk' | 'reversed' | 'importedFrom' | 'subjects' | keyof Persons> & {
  readonly imported: boolean;
  /** Names; null where nobody is named, or the person is erased or damaged. */
  readonly applicant: string | null;
  readonly submitter: string | null;
  /** Applicant or submitter was named, and is erased. */
  readonly erased: boolean;
  /** Applicant or submitter was named, and cannot be read, though nobody erased them. */
  readonly damaged: boolean;
};

type Persons = Pick<
  Row,
  | ('applicant' | 'applicantSubject' | 'applicantTokens')
  | ('submitter' | 'submitterSubject' | 'submitterTokens')
>;

export const DEFAULT_LIMIT = 50;
export const MAX_LIMIT = 200;

/** Where a page ended: the instant it is sorted by (`infinity` where there is none), and the code. */
export interface Cursor {
  readonly sort: WorklistSort;
  readonly at: string;
  readonly code: string;
}

export function writeCursor({ sort, at, code }: Cursor): string {
  return Buffer.from(JSON.stringify([sort, at, code]), 'utf8').toString('base64url');
}

/** @throws Problem `invalid-request` if it is none of ours, or of another order */
export function readCursor(text: string, sort: WorklistSort): Cursor {
  const parts = parse(text);
  if (Array.isArray(parts) && parts.length === 3 && parts.every((part) => typeof part === 'string')) {
    const [by, at, code] = parts as [string, string, string];
    if (by === sort && isSortable(at) && !code.includes('\0')) return { sort, at, code };
  }
  throw new Problem('invalid-request', {}, [{ pointer: 'query:cursor', rule: 'cursor' }]);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Only as it was written, so that the database knows it, too: to Date, 30 February is a day of March. */
function isSortable(at: string): boolean {
  return at === 'infinity' || toUtc(at) === at;
}
