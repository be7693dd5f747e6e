import { v5 as uuidV5 } from 'uuid';
import type { SealedPersonal } from '#libs/event-log/event-log.js';
import type { JsonObject } from '#libs/event-log/json.js';
import { partsOf } from '#libs/personal-data/opening.js';
import { clearParts, sealAll, type Unsealed } from '#libs/personal-data/sealing.js';
import { personOf, subjectOfStream } from '#libs/personal-data/subject.js';
import type { Vault } from '#libs/personal-data/vault.js';
import type { DossierEvent, DossierFact } from '../dossier.events.js';

/** A fact as it may be appended. */
export type SealedFact = Omit<DossierFact, 'personal'> & { readonly personal?: SealedPersonal };

/**
 * Hashes of a command that names two persons: what is said of the submitter, and all else. Each is sealed with whom it
 * is about, so that nothing about the one can be confirmed by what is left under the key of the other.
 */
export interface HashesApart {
  readonly submitter: string;
  readonly rest: string;
}

/** Of which command facts are: its hash is sealed with them, since who knows it could try out names. */
interface Made {
  readonly context: { readonly commandId: string };
  readonly hash?: string;
  readonly apart?: HashesApart;
}

/**
 * The facts of a command and, apart, what is to be sealed of each.
 * @param applicant subject of the applicant of a dossier that exists; a new one's follows from its number, else from
 * the command
 */
export function unsealed(
  facts: readonly DossierFact[],
  { context: { commandId }, hash, apart }: Made,
  applicant = uuidV5('applicant', commandId),
): Unsealed<SealedFact>[] {
  const submitter = uuidV5('submitter', commandId);
  return facts.map(({ personal, ...event }) => {
    if (!personal) return { event, parts: [] };
    const { submitter: named } = personal;
    const withHashes = {
      ...{ ...personal, commandHash: named && apart ? apart.rest : hash },
      ...(named ? { submitter: { ...named, commandHash: apart?.submitter } } : {}),
    };
    const fields = JSON.parse(JSON.stringify(withHashes)) as JsonObject;
    const who = {
      applicant: personOf(personal.applicant?.idNumber, applicant),
      submitter: personOf(personal.submitter?.idNumber, submitter),
    };
    return { event, parts: clearParts(fields, who) };
  });
}

/** Seals the personal fields of a command's facts in one call. */
export function sealFacts(
  vault: Pick<Vault, 'seal'>,
  ...facts: Parameters<typeof unsealed>
): Promise<SealedFact[]> {
  return sealAll(vault, unsealed(...facts));
}

/** The subject of the applicant, as a dossier's events have it; of one that names nobody it follows from its stream. */
export function applicantOf(stream: string, events: readonly DossierEvent[]): string {
  const parts = events.flatMap(({ personal }) => partsOf(personal));
  const applicant =
    parts.findLast(({ part }) => part === 'applicant') ?? parts.find((part) => 'fields' in part);
  return applicant?.subject ?? subjectOfStream(stream);
}
