import type { Alert } from '../dossier.events.js';
import { type DossierState, isPaused } from '../dossier.js';

/**
 * Whatever somebody can be reminded of as the dossier is now, under whichever reminder policy. Those that are cancelled
 * are among them.
 */
export function alertsOf(state: DossierState): Alert[] {
  const { status, acceptedAt, answerDueAt, dueAt, endedAt, extensions } = state;
  const beside = (topic: Alert['topic']): Alert[] =>
    state.beside.filter((one) => one.topic === topic).map((one) => ({ topic, dueAt: one.dueAt }));
  if (status === 'registered') return answerDueAt === null ? [] : [{ topic: 'answer', dueAt: answerDueAt }];
  const waiting = [
    ...(status === 'supplement_requested' ? beside('supplement') : []),
    ...(status === 'resolved' ? beside('collection') : []),
  ];
  if (acceptedAt === null || endedAt !== null || isPaused(state)) return waiting;
  const work: Alert[] = [];
  if (dueAt !== null) {
    work.push({ topic: 'result', dueAt });
    // As reminders are planned: after one extension no apology helps any more.
    if (extensions === 0) work.push({ topic: 'apology', dueAt });
  }
  return [...work, ...beside('consultation'), ...waiting];
}

export const isSameAlert = (one: Alert, other: Alert): boolean =>
  one.topic === other.topic && one.dueAt === other.dueAt;
