import { inForce } from '#libs/reference/reference.js';
import type { ProcedureVersion } from '#libs/reference/reference.events.js';

/** What to look for; everything given must hold. */
export interface ProcedureFilter {
  /** Words that all occur in code or name; case and marks do not matter. */
  readonly q?: string;
  readonly field?: string;
  /** The version in force on this date; left out: the newest one. */
  readonly on?: string;
}

/** At most one version of each procedure, in the order of the catalogue. */
export function findProcedures(
  catalogue: Iterable<readonly ProcedureVersion[]>,
  { q = '', field, on }: ProcedureFilter,
): ProcedureVersion[] {
  const words = plain(q).split(/\s+/).filter(Boolean);
  return [...catalogue].flatMap((versions) => {
    const version = on === undefined ? versions.at(-1) : inForce(versions, on);
    if (!version || (field !== undefined && version.field !== field.normalize('NFC'))) return [];
    const text = plain(`${version.code} ${version.name.vi} ${version.name.en ?? ''}`);
    return words.every((word) => text.includes(word)) ? [version] : [];
  });
}

/** Lower case without marks: "Đầu tư" is "dau tu". */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('đ', 'd');
}
