import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import ICAL from 'ical.js';
import { calendarText } from './calendar-text.js';
import type { DueDossier } from './due-dossiers.query.js';

const NOW = '2024-03-11T02:00:00.000Z';
const UNKNOWN = { unit: () => undefined, procedure: () => undefined };
const DOSSIER: DueDossier = {
  ...{ code: 'H54.12-240311-0001', unit: 'QLDT', procedure: '1.009661', state: 'processing' },
  ...{ dueAt: '2024-03-14T04:30:00.000Z', paused: false, late: false, revision: 3n },
};

/** The events of a feed, as another library reads them. */
const eventsOf = (text: string): ICAL.Event[] =>
  new ICAL.Component(ICAL.parse(text) as string)
    .getAllSubcomponents('vevent')
    .map((each) => new ICAL.Event(each));
const readBack = (...dossiers: readonly DueDossier[]): ICAL.Event[] =>
  eventsOf(calendarText(dossiers, NOW, UNKNOWN));

describe('the calendar of a dossier', () => {
  it('has an event at its due instant that takes no time', () => {
    const [event] = readBack(DOSSIER);
    expect(event?.startDate.toJSDate().toISOString()).toBe(DOSSIER.dueAt);
    expect(event?.duration.toSeconds()).toBe(0);
    expect(event?.component.getFirstPropertyValue('transp')).toBe('TRANSPARENT');
    expect([event?.summary, event?.sequence]).toEqual([DOSSIER.code, 3]);
    expect(event?.description).toContain('1.009661');
    expect(event?.description).toContain('Đang giải quyết / In processing');
  });

  it('keeps the UID when the due instant moves, and says what is late and what may move', () => {
    const [before] = readBack(DOSSIER);
    const [after] = readBack({ ...DOSSIER, dueAt: '2024-03-20T04:30:00.000Z', late: true, paused: true });
    expect(after?.uid).toBe(before?.uid);
    expect(after?.summary).toMatch(/^Quá hạn/);
    expect(after?.component.getFirstPropertyValue('status')).toBe('TENTATIVE');
    expect(after?.description).toContain('tạm dừng');
  });

  it('is read back as it was written, whatever the code and the names are', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 80 });
    const plain = text.filter((each) => !/[\p{Cc}\u2028\u2029]/u.test(each));
    const instant = fc.date({
      min: new Date('2000-01-01'),
      max: new Date('2100-01-01'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(plain, plain, instant, (code, unit, at) => {
        const dueAt = new Date(Math.floor(at.getTime() / 1_000) * 1_000).toISOString();
        const [event, ...others] = readBack({ ...DOSSIER, code, unit, dueAt });
        expect(others).toEqual([]);
        expect(event?.startDate.toJSDate().toISOString()).toBe(dueAt);
        expect(event?.summary).toBe(code);
        expect(event?.description.split('\n')[1]).toBe(`Đơn vị / unit: ${unit}`);
      }),
      { numRuns: 200 },
    );
  });
});
