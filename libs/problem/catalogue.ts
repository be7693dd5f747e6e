import { ACCESS_PROBLEMS } from './catalogue/access.js';
import { CHANNEL_PROBLEMS } from './catalogue/channels.js';
import { COPY_PROBLEMS } from './catalogue/copy.js';
import { DOSSIER_PROBLEMS } from './catalogue/dossier.js';
import { ERASURE_PROBLEMS } from './catalogue/erasure.js';
import { EVENT_STORE_PROBLEMS } from './catalogue/event-store.js';
import { IMPORT_PROBLEMS } from './catalogue/import.js';
import { INBOX_PROBLEMS } from './catalogue/inbox.js';
import { INSTALLATION_PROBLEMS } from './catalogue/installation.js';
import { JOB_PROBLEMS } from './catalogue/jobs.js';
import { LIMIT_PROBLEMS } from './catalogue/limits.js';
import { KEY_PROBLEMS } from './catalogue/keys.js';
import { LIVE_PROBLEMS } from './catalogue/live.js';
import { LOOK_UP_PROBLEMS } from './catalogue/look-up.js';
import { READ_TRACE_PROBLEMS } from './catalogue/read-trace.js';
import { RECEIPT_SLIP_PROBLEMS } from './catalogue/receipt-slip.js';
import { REDIS_PROBLEMS } from './catalogue/redis.js';
import { OIDC_PROBLEMS } from './catalogue/oidc.js';
import { OPERATION_PROBLEMS } from './catalogue/operation.js';
import { REFERENCE_PROBLEMS } from './catalogue/reference.js';
import { REPORT_PROBLEMS } from './catalogue/report.js';
import { REQUEST_PROBLEMS } from './catalogue/request.js';
import { SECOND_FACTOR_PROBLEMS } from './catalogue/second-factor.js';
import type { ProblemText } from './catalogue/entry.js';

/** Every type of problem that can reach a person. */
export const PROBLEMS: Readonly<Record<string, ProblemText>> = {
  ...REQUEST_PROBLEMS,
  ...ACCESS_PROBLEMS,
  ...DOSSIER_PROBLEMS,
  ...REFERENCE_PROBLEMS,
  ...IMPORT_PROBLEMS,
  ...REPORT_PROBLEMS,
  ...INSTALLATION_PROBLEMS,
  ...OPERATION_PROBLEMS,
  ...COPY_PROBLEMS,
  ...REDIS_PROBLEMS,
  ...LIVE_PROBLEMS,
  ...LOOK_UP_PROBLEMS,
  ...RECEIPT_SLIP_PROBLEMS,
  ...LIMIT_PROBLEMS,
  ...OIDC_PROBLEMS,
  ...SECOND_FACTOR_PROBLEMS,
  ...JOB_PROBLEMS,
  ...KEY_PROBLEMS,
  ...EVENT_STORE_PROBLEMS,
  ...ERASURE_PROBLEMS,
  ...READ_TRACE_PROBLEMS,
  ...CHANNEL_PROBLEMS,
  ...INBOX_PROBLEMS,
};
