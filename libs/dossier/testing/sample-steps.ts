import { accept } from '../accept/accept.js';
import { annotate } from '../annotate/annotate.js';
import { alertsOf, isSameAlert } from '../cancel-alert/alerts.js';
import { consult, recordReply } from '../consult/consult.js';
import type { Decide } from '../decision.js';
import { handOver } from '../hand-over/hand-over.js';
import { liftHold, placeHold } from '../hold/hold.js';
import { link } from '../link/link.js';
import { confirmPayment, requestPayment } from '../payment/payment.js';
import { approve, refuse } from '../proposals/decide.js';
import { propose } from '../proposals/propose.js';
import { receiveSupplement } from '../receive-supplement/receive-supplement.js';
import { reject } from '../reject/reject.js';
import { requestSupplement } from '../request-supplement/request-supplement.js';
import { resolve } from '../resolve/resolve.js';
import { returnResult } from '../return-result/return-result.js';
import type { Step } from '../steps.js';
import { stop } from '../stop/stop.js';
import { withdraw } from '../withdraw/withdraw.js';
import { SUPERVISOR } from './scenario.js';

const reason = 'Lý do';
const minutesAfter = (from: string, n: number): string =>
  new Date(Date.parse(from) + n * 60_000).toISOString();

/** Every step with an input that is right in any state in which the step is allowed, as far as one can be. */
export const SAMPLE_STEPS: Readonly<Record<Step, Decide>> = {
  accept: accept({}),
  reject: reject({ reason }),
  'hand-over': handOver({ toUnit: 'QLĐT' }),
  consult: consult({ agency: 'Sở Xây dựng' }),
  'record-reply': (state, situation) =>
    recordReply({ consultation: state.openConsultations[0] ?? 'c0' })(state, situation),
  'request-supplement': requestSupplement({ papers: [], reason }),
  'receive-supplement': receiveSupplement({}),
  'request-payment': requestPayment({ amount: 1, currency: 'VND' }),
  'confirm-payment': confirmPayment({}),
  extend: (state, situation) =>
    propose(
      {
        step: 'extend',
        input: { newDueAt: minutesAfter(later(state.dueAt, situation.now), 10_000), apologyNumber: '1' },
      },
      { reason },
    )(state, situation),
  withdraw: withdraw({ reason }),
  stop: stop({ reason }),
  resolve: resolve({ outcome: 'granted' }),
  return: returnResult({ method: 'in_person' }),
  correct: (state, situation) =>
    propose(
      {
        step: 'correct',
        input: {
          field: 'accepted_at',
          to: minutesAfter(state.acceptedAt ?? situation.now, -1),
          form: '1',
        },
      },
      { reason },
    )(state, situation),
  'cancel-alert': (state, situation) => {
    const input = alertsOf(state).find(
      (one) => !state.cancelledAlerts.some((other) => isSameAlert(one, other)),
    ) ?? { topic: 'result', dueAt: situation.now };
    return propose({ step: 'cancel-alert', input }, { reason })(state, situation);
  },
  approve: (state, situation) =>
    approve({ proposal: state.proposals[0]?.proposal ?? 'p0' })(state, { ...situation, ...SUPERVISOR }),
  refuse: (state, situation) =>
    refuse({ proposal: state.proposals[0]?.proposal ?? 'p0', reason })(state, situation),
  'place-hold': placeHold({ reason }),
  'lift-hold': liftHold({ reason }),
  annotate: annotate({ note: 'Ghi chú' }),
  link: link({ formerCode: 'H54.12-240101-0001' }),
};

function later(a: string | null, b: string): string {
  return a !== null && a > b ? a : b;
}
