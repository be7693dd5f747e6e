import type { Caller } from '#libs/access/demand.js';
import type { Personal } from '#libs/event-log/event-log.js';
import { partsOf } from '#libs/personal-data/opening.js';
import type { SealedPart } from '#libs/personal-data/sealed.js';

/** How personal data was looked at. */
export type ReadKind = 'page' | 'list' | 'search' | 'receipt' | 'replay';
export const READ_KINDS: readonly ReadKind[] = ['page', 'list', 'search', 'receipt', 'replay'];

/** Who reads, by which way; the same for whatever one request shows. */
export interface Reader {
  /** Account id, never a name. */
  readonly account: string;
  /** How it was proven who that is: `session`, `token`, `command-line`, `system`. */
  readonly by: string;
  /** Account that lent the right, where it was a lent one. */
  readonly onBehalfOf?: string;
  /** The route or command, without what stands in its parameters: `GET /api/dossiers/:code`. */
  readonly route: string;
  readonly correlationId: string;
  /** As the reader gave it. */
  readonly reason?: string;
}

/** One look at personal data. */
export interface Reading extends Reader {
  readonly how: ReadKind;
  /** Codes of the dossiers whose personal data is shown. */
  readonly dossiers: readonly string[];
  /** Person under whose key the reason is kept, since it may name him; without one it is a key of the reader's. */
  readonly subject?: string;
}

/** A look as it is kept. What was searched for is not. */
export interface TracedRead extends Omit<Reading, 'reason' | 'subject'> {
  /** ISO 8601 in UTC with milliseconds. */
  readonly at: string;
  readonly reason?: SealedPart;
}

export interface ReadTrace {
  /**
   * Keeps that this is read. Whoever shows personal data awaits it before anything leaves: it has then been written
   * and committed. A look at no dossier leaves no trace.
   * @throws Problem `read-not-traced`: it could not be written, and nothing may be shown
   */
  record(reading: Reading): Promise<void>;
}

export const READ_TRACE = Symbol('ReadTrace');

/** By which way is read. */
export interface ReadFrom extends Pick<Reader, 'route' | 'correlationId'> {
  /** Account that lent the right by which the request was let in. */
  readonly lentBy?: string | undefined;
}

/** A look by a caller, by the grant that let him; where it does not hang on a place, that of the request. */
export function readingBy(
  { principal, reason }: Caller,
  grant: { readonly lentBy?: string | undefined },
  look: ReadFrom & Pick<Reading, 'how' | 'dossiers'> & { readonly subject?: string | undefined },
): Reading {
  const { subject, lentBy: _, ...rest } = look;
  return {
    ...rest,
    ...{ account: principal.id, by: principal.by },
    ...(grant.lentBy === undefined ? {} : { onBehalfOf: grant.lentBy }),
    ...(reason === undefined ? {} : { reason }),
    ...(subject === undefined ? {} : { subject }),
  };
}

/** Whose dossier it is: the person under whose key all is kept that is not the submitter's. */
export function personOf(events: readonly { readonly personal?: Personal }[]): string | undefined {
  return events.flatMap(({ personal }) => partsOf(personal)).find(({ part }) => part !== 'submitter')
    ?.subject;
}
