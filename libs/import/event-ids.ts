import { v5 as uuidV5 } from 'uuid';

/** Namespace of the ids of imported events and of imports (UUID version 5). */
const IMPORT_NAMESPACE = '0d6c4e6e-6a4b-5f6b-8f0a-2b1f0c9d7a31';

/** The same parts give the same id in every run, and the file is none of them: a longer export adds only what is new. */
export function importId(...parts: readonly (string | number | null)[]): string {
  return uuidV5(JSON.stringify(parts), IMPORT_NAMESPACE);
}
