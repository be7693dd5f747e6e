import { canonicalJson } from '#libs/event-log/hash.js';
import type { Json } from '#libs/event-log/json.js';
import { Problem } from '#libs/problem/problem.js';
import { FieldChecks } from './checks.js';
import { inForce } from './reference.js';
import type { Versioned } from './reference.events.js';

/** What holds for everything published, and what `own` adds. */
export function check(content: Omit<Versioned, 'version'>, own: (fields: FieldChecks) => void): void {
  const fields = new FieldChecks();
  fields.texts(content);
  fields.validity(content);
  fields.expect(content.source !== '', '/source', 'required');
  own(fields);
  if (fields.problems.length > 0) throw new Problem('invalid-request', {}, fields.problems);
}

/** The next number, unless the version in force on the day this begins says the same. */
export function number<V extends Versioned>(
  content: Omit<Versioned, 'version'>,
  known: readonly V[],
): { version: number; isNew: boolean } {
  const current = inForce(known, content.validFrom);
  if (current && sameContent({ ...content, version: current.version }, current)) {
    return { version: current.version, isNew: false };
  }
  return { version: (known.at(-1)?.version ?? 0) + 1, isNew: true };
}

function sameContent(one: Versioned, other: Versioned): boolean {
  return canonicalJson(one as unknown as Json) === canonicalJson(other as unknown as Json);
}
