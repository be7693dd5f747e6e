import type { CommandHeaders } from '#libs/http/command-headers.decorator.js';
import { Problem } from '#libs/problem/problem.js';
import type { ContentOf, PublishCommand } from './publish.js';
import { type ReferenceKind, type VersionOf, versionsOf } from './reference.js';
import type { ReferenceStore } from './reference-store.js';

/** Where each kind is listed. */
const LISTS: Readonly<Record<ReferenceKind, string>> = {
  calendar: '/api/calendars',
  policy: '/api/policies',
  unit: '/api/units',
  procedure: '/api/procedures',
  reminders: '/api/reminder-policies',
};

/** Publishes and answers with the version that holds the content: a repeat gets the first answer. */
export async function publishVersion<K extends ReferenceKind>(
  store: ReferenceStore,
  kind: K,
  content: ContentOf<K>,
  by: CommandHeaders,
): Promise<VersionOf[K]> {
  const command = { kind, content } as unknown as PublishCommand;
  const { key, principal, grant, correlationId } = by;
  const { version } = await store.publish(command, {
    ...{ key, correlationId, causationId: key, actor: principal.id },
    ...(grant.lentBy === undefined ? {} : { onBehalfOf: grant.lentBy }),
  });
  const id =
    command.kind === 'unit' || command.kind === 'procedure' ? command.content.code : command.content.id;
  const published = versionsOf(store.state, kind, id).find((each) => each.version === version);
  if (!published) throw new Error(`${kind} ${id} has no version ${version} after it was published`);
  return published;
}

/**
 * All versions of one id.
 * @throws Problem `reference-unknown`
 */
export function requireVersions<K extends ReferenceKind>(
  store: ReferenceStore,
  kind: K,
  id: string,
): readonly VersionOf[K][] {
  const versions = versionsOf(store.state, kind, id);
  if (versions.length === 0) throw new Problem('reference-unknown', { id, list: LISTS[kind] });
  return versions;
}
