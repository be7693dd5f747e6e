import type { EventLog } from '#libs/event-log/event-log.js';
import { PERSON_CATEGORY, type PersonEventType } from './person.events.js';
import { isSubject } from './subjects.js';

const ERASED: PersonEventType = 'PersonErased';

/** Subjects of whom the log says that they are erased. */
export async function erasedInLog(log: Pick<EventLog, 'readAll'>): Promise<Set<string>> {
  const erased = new Set<string>();
  for await (const { type, data } of log.readAll({ categories: [PERSON_CATEGORY] })) {
    if (type === ERASED && isSubject(data.subject)) erased.add(data.subject);
  }
  return erased;
}
