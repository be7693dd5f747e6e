import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createHmac } from 'node:crypto';
import { beginnings, searchQuery, searchWords } from './search.js';
import { SearchTokens } from './search-tokens.js';

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
    expect(searchWords('Công ty "Ánh Dương" (VN) … ')).toEqual(['cong', 'ty', 'anh', 'duong', 'vn']);
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
  const token = (text: string): string => `=${text}`;

  it('asks that every word begins a word of the code or of a name, or that all of it is a number', () => {
    expect(searchQuery('Đặng', token)).toBe(`('dang':* | '=dang')`);
    expect(searchQuery('  Đặng   0001 ', token)).toBe(
      `(('dang':* | '=dang') & ('0001':* | '=0001')) | '=dang0001'`,
    );
  });

  it('takes a number with signs in it for the same number', () => {
    expect(searchQuery('0912.345-678', token)).toBe(`('0912.345-678':* | '=0912.345-678' | '=0912345678')`);
  });

  it('looks for no more than the beginning that is kept of a long word', () => {
    const long = 'abcdefghijklmnopqrstuvwxyz';
    expect(searchQuery(long, token)).toBe(`('${long}':* | '=abcdefghijklmnop' | '=${long}')`);
  });

  it('quotes what would be an operator', () => {
    expect(searchQuery(`o'neil a\\b & | !`, token)).toBe(
      `(('o''neil':* | '=o''neil' | '=oneil') & ('a\\\\b':* | '=a\\\\b' | '=ab')) | '=oneilab'`,
    );
  });

  it('is none where nothing was typed that could be found', () => {
    expect(searchQuery(' -- % ', token)).toBeUndefined();
  });
});

describe('tokens of a party', () => {
  const tokens = new SearchTokens({
    digest: (purpose, text) => createHmac('sha256', 'secret').update(`${purpose} ${text}`).digest(),
  });

  it('stand for every beginning of a word of its name', () => {
    const of = tokens.ofParty({ name: 'Lê Ánh' });
    expect(of).toEqual(['l', 'le', 'a', 'an', 'anh'].map(tokens.of));
    expect(tokens.ofParty({ name: 'LE anh' })).toEqual(of);
    expect(of[0]).toMatch(/^=[\w-]{8}$/);
  });

  it('stand for its numbers as a whole, however they are written', () => {
    const { of } = tokens;
    expect(tokens.ofParty({ name: 'A', idNumber: '001-234 567', phone: '0912.345.678' })).toEqual(
      ['a', '001234567', '0912345678'].map(of),
    );
    expect(tokens.ofParty({ idNumber: ' - ', phone: null, email: 'a@example.vn' })).toEqual([]);
  });

  it('are never more than sixteen for a word, and never those of half a character', () => {
    expect(beginnings('a'.repeat(40))).toHaveLength(16);
    expect(beginnings('😀b')).toEqual(['😀', '😀b']);
  });
});
