import { readDossier } from '#libs/dossier/commands/read-dossier.js';
import type { EventLog } from '#libs/event-log/event-log.js';
import { isPlainText } from '#libs/http/fields.decorator.js';
import type { Vault } from '#libs/personal-data/vault.js';
import { Problem } from '#libs/problem/problem.js';
import type { ReferenceData } from '#libs/reference/reference.events.js';
import { type LookedUp, lookedUp } from './look-up.js';
import { isLookUpSecret } from './secret.js';

/** No dossier has this code. */
const NO_CODE = '?';

/**
 * A dossier for whoever has the receipt. One digest and one read of one stream in any case: without the right secret
 * it is the stream of a code that cannot be, so that nothing here depends on whether there is such a dossier.
 * @throws Problem `look-up-failed`, the same for whatever is not right
 */
export async function lookUp(
  { log, vault, reference }: { log: EventLog; vault: Vault; reference: ReferenceData },
  given: { readonly code: string; readonly secret: string },
): Promise<LookedUp> {
  const code = isPlainText(given.code) ? given.code.normalize('NFC').trim() : NO_CODE;
  const right = isLookUpSecret(vault, code, given.secret);
  const events = await readDossier(log, right ? code : NO_CODE);
  const found = lookedUp(events, (unit, at) => reference.unit(unit, at.slice(0, 10))?.name ?? null);
  if (!found) throw new Problem('look-up-failed');
  return found;
}
