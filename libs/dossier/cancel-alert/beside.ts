import type { Alert, DossierEvent } from '../dossier.events.js';

/** What is waited for beside the result. */
export interface Beside extends Alert {
  /** Name of a consultation. */
  readonly which?: string;
}

/** What is waited for beside the result after one more event; a supplement and a result stay known after their state. */
export function besideAfter(beside: readonly Beside[], event: DossierEvent): readonly Beside[] {
  const dueAt = event.occurredAt;
  const without = (topic: Beside['topic']): Beside[] => beside.filter((one) => one.topic !== topic);
  switch (event.type) {
    case 'ConsultationRequested': {
      const { consultation: which, dueAt: until } = event.data;
      return until === null ? beside : [...beside, { topic: 'consultation', which, dueAt: until }];
    }
    case 'ConsultationReplied':
      return beside.filter(({ which }) => which !== event.data.consultation);
    case 'SupplementRequested':
      return [...without('supplement'), { topic: 'supplement', dueAt }];
    case 'SupplementReceived':
      return without('supplement');
    case 'DossierResolved':
      return [...without('collection'), { topic: 'collection', dueAt }];
    default:
      return beside;
  }
}
