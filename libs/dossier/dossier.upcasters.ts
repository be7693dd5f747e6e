import type { Upcasters } from '#libs/event-log/upcasting.js';

/** Ways from older schema versions of a dossier's events to newer ones. All are at version 1 so far. */
export const dossierUpcasters: Upcasters = {};
