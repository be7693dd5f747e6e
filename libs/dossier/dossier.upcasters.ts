import type { RecordedEvent } from '#libs/event-log/event-log.js';
import type { Upcaster, Upcasters } from '#libs/event-log/upcasting.js';
import { subjectOfStream } from '#libs/personal-data/subject.js';

/** Ways from older schema versions of a dossier's events to newer ones. */
export const dossierUpcasters: Upcasters = {
  ConsultationRequested: { 1: toPersonal('agency') },
  ActivityRecorded: { 1: toPersonal('performer') },
};

/** A text that turned out to be about a person. */
function toPersonal(name: string): Upcaster {
  return ({ data, personal, stream }: RecordedEvent) => {
    const { [name]: text, ...rest } = data;
    if (typeof text !== 'string') return { data: rest, personal };
    const before =
      personal && 'fields' in personal ? personal : { subject: subjectOfStream(stream), fields: {} };
    return { data: rest, personal: { ...before, fields: { ...before.fields, [name]: text } } };
  };
}
