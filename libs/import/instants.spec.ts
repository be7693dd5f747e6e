import { describe, expect, it } from '@jest/globals';
import { parseInstant } from './instants.js';

const read = (text: string) => parseInstant(text, 'Europe/Amsterdam', ['iso', 'dmy']);

describe('an instant of a log', () => {
  it.each([
    ['2011-10-11 13:42:22.688000+02:00', '2011-10-11T11:42:22.688Z'],
    ['2011-10-11T13:42:22.688999+02:00', '2011-10-11T11:42:22.688Z'],
    ['2011-10-11T13:42:22+0200', '2011-10-11T11:42:22.000Z'],
    ['2011-10-11T11:42Z', '2011-10-11T11:42:00.000Z'],
    ['2011-10-11 13:42:22,5', '2011-10-11T11:42:22.500Z'],
    ['2011-12-11 13:42', '2011-12-11T12:42:00.000Z'],
    ['2011-12-11', '2011-12-10T23:00:00.000Z'],
    ['11/12/2011 13:42', '2011-12-11T12:42:00.000Z'],
    ['1/2/2011', '2011-01-31T23:00:00.000Z'],
  ])('%s is %s', (text, instant) => {
    expect(read(text)).toBe(instant);
  });

  it.each([
    '',
    'yesterday',
    '2011-02-30',
    '2011-13-01T00:00Z',
    '2011-01-01T25:00Z',
    '13/13/2011',
    '1319024542',
  ])('"%s" is none', (text) => {
    expect(read(text)).toBeUndefined();
  });

  it('before the year 1 or after 9999 is none', () => {
    expect(read('0001-01-01T00:00+14:00')).toBeUndefined();
    expect(read('9999-12-31T23:59-14:00')).toBeUndefined();
  });

  it('is read in the formats of the mapping only', () => {
    expect(parseInstant('11/12/2011', 'UTC', ['iso'])).toBeUndefined();
    expect(parseInstant('2011-12-11', 'UTC', ['dmy'])).toBeUndefined();
  });
});
