import type { Caller } from '#libs/access/demand.js';
import { readDossier, fold } from '#libs/dossier/commands/read-dossier.js';
import { demandStep } from '#libs/dossier/permission.js';
import { type Clock, isoNow } from '#libs/event-log/clock.js';
import type { EventLog } from '#libs/event-log/event-log.js';
import { lookUpSecret } from '#libs/look-up/secret.js';
import { openPersonal } from '#libs/personal-data/opening.js';
import type { Vault } from '#libs/personal-data/vault.js';
import { personOf, readingBy, type ReadFrom, type ReadTrace } from '#libs/read-trace/read-trace.js';
import type { ReferenceData } from '#libs/reference/reference.events.js';
import { slipOf } from './slip.js';
import { slipPage } from './slip-page.js';

export interface SlipParts {
  readonly log: EventLog;
  readonly vault: Vault;
  readonly reference: ReferenceData;
  readonly trace: ReadTrace;
  readonly clock: Clock;
}

/**
 * The receipt of a dossier as an HTML page.
 * @throws Problem dossier-unknown, forbidden, receipt-before-acceptance, read-not-traced
 */
export async function printSlip(
  { log, vault, reference, trace, clock }: SlipParts,
  { code, caller, from, origin }: { code: string; caller: Caller; from: ReadFrom; origin: string },
): Promise<string> {
  const events = await readDossier(log, code);
  const { principal } = caller;
  const grant = demandStep({ principal, action: 'print-receipt' }, fold(code, events), isoNow(clock));
  const opened = await openPersonal(vault, events);
  const slip = slipOf({ code, secret: lookUpSecret(vault, code) }, events, opened, reference);
  await trace.record(
    readingBy(caller, grant, { ...from, how: 'receipt', dossiers: [code], subject: personOf(events) }),
  );
  return slipPage(slip, origin);
}
