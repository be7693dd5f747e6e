import { describe, expect, it } from '@jest/globals';
import { MIGRATIONS } from '#apps/platform/open-platform.js';

/** What installations may have had already, in the order of their names. */
const HAD = [
  '2026-11-command-receipts',
  '2026-11-event-log',
  '2026-11-verifications',
  '2026-12-credentials',
  '2026-12-eventstoredb-ids',
  '2026-12-keyed-receipts',
  '2026-12-limits',
  '2026-12-person-keys',
  '2026-12-read-trace',
  '2026-12-second-factors',
  '2026-12-sessions',
  '2026-12-settled-receipts',
];

describe('migrations of the database', () => {
  it('that are new come after all that an installation has had: it would not start otherwise', () => {
    expect(Object.keys(MIGRATIONS).sort().slice(0, HAD.length)).toEqual(HAD);
  });
});
