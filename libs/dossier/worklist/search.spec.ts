import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { searchQuery, searchWords } from './search.js';

describe('words of a dossier', () => {
  it('are the same for a name composed, decomposed and without diacritics', () => {
    const name = 'Nguyễn Thị Đặng Hương';

    expect(searchWords(name.normalize('NFC'))).toEqual(['nguyen', 'thi', 'dang', 'huong']);
    expect(searchWords(name.normalize('NFD'))).toEqual(searchWords(name.normalize('NFC')));
    expect(searchWords('NGUYEN thi Dang HUONG')).toEqual(searchWords(name));
  });

  it('hold a code as a whole and in its parts', () => {
    expect(searchWords('H54.12-240115-0001')).toEqual(['h54.12-240115-0001', 'h54', '12', '240115', '0001']);
  });

  it('leave out what is no word, and what is not there', () => {
    expect(searchWords('Công ty "Ánh Dương" (VN)', null, ' … ')).toEqual([
      'cong',
      'ty',
      'anh',
      'duong',
      'vn',
    ]);
  });

  it('are never empty and never too long for the index, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 3000 }), (text) => {
        for (const word of searchWords(text)) {
          expect(word).not.toBe('');
          expect(Buffer.byteLength(word)).toBeLessThan(2046);
        }
      }),
    );
  });
});

describe('a search', () => {
  it('asks that every word begins a word of the dossier', () => {
    expect(searchQuery('  Đặng   0001 ')).toBe(`'dang':* & '0001':*`);
  });

  it('quotes what would be an operator', () => {
    expect(searchQuery(`o'neil a\\b & | !`)).toBe(`'o''neil':* & 'a\\\\b':*`);
  });

  it('is none where nothing was typed that could be found', () => {
    expect(searchQuery(' -- % ')).toBeUndefined();
  });
});
