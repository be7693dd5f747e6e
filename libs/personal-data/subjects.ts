import { v5 as uuidV5 } from 'uuid';

/** Namespace of subjects that follow an erased one (UUID version 5). */
const FURTHER_SUBJECTS = '5a3c2f0e-6d0b-5b6e-9a57-0f4be3d1c86a';

/** The subject to take where this one is erased, or is another person's: the same for every retry. */
export function subjectAfter(subject: string): string {
  return uuidV5(subject, FURTHER_SUBJECTS);
}

/** As numbers are compared: however it was written, `001 099.012-345` is `001099012345`. */
export function bareNumber(idNumber: string): string {
  return idNumber
    .normalize('NFKC')
    .replace(/[\s.-]/g, '')
    .toUpperCase();
}

/** Whether it can be one at all: what comes from outside may be anything. */
export function isSubject(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
}
