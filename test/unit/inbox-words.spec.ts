import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { projectRoot } from '#apps/platform/project-root.js';
import { STATUS_CODES } from '#libs/dossier/dossier.js';
import { REMINDER_TOPICS } from '#libs/reference/reminder-rules.js';

describe('the words of the page of reminders', () => {
  it('are there for every kind of reminder and every state', async () => {
    const { ABOUT, STATE } = await import(join(projectRoot, 'apps/api/pages/public/inbox-words.js'));
    expect(Object.keys(ABOUT).sort()).toEqual([...REMINDER_TOPICS].sort());
    expect(Object.keys(STATE).sort()).toEqual(Object.keys(STATUS_CODES).sort());
  });
});
