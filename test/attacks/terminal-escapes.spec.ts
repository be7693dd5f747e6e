import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Listing } from '#apps/cli/import/listing.js';
import { refusedLines, textSummary } from '#apps/cli/import/summary.js';
import { replayCommand } from '#apps/cli/replay/replay.command.js';
import { streamName } from '#libs/event-log/event-log.js';
import type { Refused } from '#libs/import/claims.js';
import type { Doubt } from '#libs/import/doubts.js';
import type { CliContext } from '#apps/cli/context.js';
import { open } from '../support/desk.js';
import { filesUnder } from '../support/files-under.js';
import { refused as refusedByService } from '../support/http.js';
import { startService, type TestService } from '../support/service.js';

/** What a terminal would do instead of showing it: clear, colour, rename, go back, turn round. */
const ESCAPES = ['\u001b[2J', '\u009b31m', '\u001b]0;x\u0007', '\u0008', '\r', '\u202e', '\u2066', '\u0085'];
const HARMFUL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;
const HOSTILE = `Nguyễn${ESCAPES.join('Thị')}Mai\nrefused row 1: nothing`;

let service: TestService;
beforeAll(async () => {
  service = await startService();
}, 60_000);
afterAll(() => service.close());

/** What is printed meanwhile. */
async function printed(work: () => Promise<unknown>): Promise<string> {
  const write = process.stdout.write.bind(process.stdout);
  let text = '';
  process.stdout.write = (chunk: string) => {
    text += chunk;
    return true;
  };
  try {
    await work();
  } finally {
    process.stdout.write = write;
  }
  return text;
}

describe('signs that a terminal would obey', () => {
  it('are in no text that the service takes, line ends excepted', async () => {
    for (const sign of ['\u001b[2J', '\u009b31m', '\u0007', '\u0008', '\u007f', '\u0085', '\u0000']) {
      const body = {
        unit: 'H54.12',
        procedure: '1.009661',
        channel: 'in_person',
        applicant: { name: `a${sign}b` },
      };
      await refusedByService(service, [400, 'invalid-request'], 'POST', '/api/dossiers', { body });
    }
  });

  it('are shown as what they are where an import tells of its file, and begin no line', () => {
    const refused = new Listing<Refused>(undefined);
    const doubts = new Listing<Doubt>(undefined);
    refused.add({ row: 2, reason: `instant ("${HOSTILE}") is no instant: "${HOSTILE}"` });
    doubts.add({ row: 3, code: HOSTILE, reason: 'times-out-of-order', detail: HOSTILE } as unknown as Doubt);
    const counts = { read: 2, accepted: 1, refused: 1, repeated: 0, dossiers: 1, events: 1, position: 9n };
    const result = { file: 'x', again: false, broken: false, ...counts } as never;
    for (const text of [refusedLines(refused), textSummary({ result, refused, doubts, durationMs: 1 })]) {
      expect(text).not.toMatch(HARMFUL);
      expect(text).not.toMatch(/^refused row 1/m);
      expect(text).toContain('Nguyễn\\u001b[2J');
    }
  });

  it.each([[[]], [['--json']]])(
    'are shown as what they are when a dossier is replayed %j',
    async (options) => {
      const { code } = (await open(service)).body;
      const { log, pool, vault, clock } = service.platform;
      await log.append(streamName('dossier', code), 'any', [
        {
          ...{ id: crypto.randomUUID(), type: 'DossierAnnotated', schemaVersion: 1, data: {} },
          ...{
            occurredAt: '2024-03-11T02:00:00.000Z',
            personal: { subject: 'x', fields: { note: HOSTILE } },
          },
          metadata: { actor: HOSTILE, correlationId: 'x', causationId: 'x' },
        },
      ]);
      const context = { log, pool, vault, clock, close: async () => undefined } as unknown as CliContext;
      const text = await printed(() =>
        replayCommand(async () => context).parseAsync(['node', 'replay', code, ...options]),
      );
      expect(text).toContain('\\u001b[2J');
      expect(text).not.toMatch(HARMFUL);
      if (options.length > 0) expect(text).toContain(JSON.stringify(HOSTILE).slice(1, 7));
      if (options.length > 0) expect(JSON.stringify(JSON.parse(text))).toContain(JSON.stringify(HOSTILE));
    },
  );

  it('cannot come past that: nothing else in the programs writes to the terminal', () => {
    const writers = filesUnder('apps', /\.ts$/).filter(
      (file) =>
        !file.endsWith('.spec.ts') &&
        /process\.std(out|err)\.write|console\./.test(readFileSync(file, 'utf8')),
    );
    // The report writes a CSV as it is.
    expect(writers.sort()).toEqual(['apps/cli/report/report.command.ts', 'apps/platform/say.ts']);
  });
});
