import { accept } from '../accept/accept.js';
import { annotate } from '../annotate/annotate.js';
import { consult, recordReply } from '../consult/consult.js';
import { correct } from '../correct/correct.js';
import type { Decide } from '../decision.js';
import { extend } from '../extend/extend.js';
import { handOver } from '../hand-over/hand-over.js';
import { link } from '../link/link.js';
import { confirmPayment, requestPayment } from '../payment/payment.js';
import { receiveSupplement } from '../receive-supplement/receive-supplement.js';
import { reject } from '../reject/reject.js';
import { requestSupplement } from '../request-supplement/request-supplement.js';
import { resolve } from '../resolve/resolve.js';
import { returnResult } from '../return-result/return-result.js';
import type { Step } from '../steps.js';
import { stop } from '../stop/stop.js';
import { withdraw } from '../withdraw/withdraw.js';

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
    extend({ ...FORM, newDueAt: minutesAfter(later(state.dueAt, situation.now), 60), apologyNumber: '1' })(
      state,
      situation,
    ),
  withdraw: withdraw({ reason }),
  stop: stop({ reason }),
  resolve: resolve({ outcome: 'granted' }),
  return: returnResult({ method: 'in_person' }),
  correct: (state, situation) =>
    correct({
      ...FORM,
      field: 'accepted_at',
      to: minutesAfter(state.acceptedAt ?? situation.now, -1),
      form: '1',
    })(state, situation),
  annotate: annotate({ note: 'Ghi chú' }),
  link: link({ formerCode: 'H54.12-240101-0001' }),
};
const FORM = { approver: 'supervisor-1', reason };

function later(a: string | null, b: string): string {
  return a !== null && a > b ? a : b;
}
