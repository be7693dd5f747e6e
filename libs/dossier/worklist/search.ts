/** Longest word kept, in UTF-16 units; the index refuses words of more than 2 KB. */
const LONGEST_WORD = 100;
/** Words kept of one dossier, and looked for at once. */
const MOST_WORDS = 64;

/** From the first letter or number to the last. */
const WORD = /[\p{L}\p{N}](?:.*[\p{L}\p{N}])?/su;
const ASCII = /^[ -~]*$/;
const INNER = /[^\p{L}\p{N}]+/u;
const NO_LETTER = /[^\p{L}\p{N}]+/gu;

/**
 * The words by which a dossier is found: lower case, without diacritics (đ is d), so that `Nguyễn` composed,
 * decomposed and `nguyen` are the same. A code is one word and also its parts.
 */
export function searchWords(text: string): string[] {
  const words = new Set<string>();
  for (const word of wordsOf(text)) {
    words.add(word);
    for (const part of word.split(INNER)) if (part !== '') words.add(part);
  }
  return [...words].slice(0, MOST_WORDS);
}

/** Digits and letters of a number, as `searchWords` writes them: `0912 345-678` is `0912345678`. */
export function bareNumber(text: string): string {
  return cut(plain(text).replace(NO_LETTER, ''));
}

/**
 * A PostgreSQL `tsquery` for what someone typed. Every word must begin a word of the code or of a name, or be a whole
 * number; or all of it together is one.
 * @param token what stands in the table for the beginning of a name's word, and for a number
 * @returns undefined if there is no word in it
 */
export function searchQuery(typed: string, token: (text: string) => string): string | undefined {
  const words = wordsOf(typed).slice(0, MOST_WORDS);
  if (words.length === 0) return undefined;
  const each = words.map((word) => {
    const hidden = new Set([beginning(word), bareNumber(word)].filter((text) => text !== '').map(token));
    return `(${[`${quoted(word)}:*`, ...[...hidden].map(quoted)].join(' | ')})`;
  });
  const all = each.join(' & ');
  return words.length === 1 ? all : `(${all}) | ${quoted(token(bareNumber(typed)))}`;
}

/** Longest beginning of a word that is kept, in characters. */
const LONGEST_BEGINNING = 16;

/** Every beginning of a word that is kept, the shortest first. */
export function beginnings(word: string): string[] {
  const characters = Array.from(word).slice(0, LONGEST_BEGINNING);
  return characters.map((_, n) => characters.slice(0, n + 1).join(''));
}

const beginning = (word: string): string => Array.from(word).slice(0, LONGEST_BEGINNING).join('');
const quoted = (word: string): string => `'${word.replace(/['\\]/g, '$&$&')}'`;

function wordsOf(text: string): string[] {
  return plain(text)
    .split(/\s+/u)
    .map((word) => cut(WORD.exec(word)?.[0] ?? ''))
    .filter((word) => word !== '');
}

function plain(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('đ', 'd').normalize('NFC');
}

/** Not through the middle of a character. */
function cut(word: string): string {
  return word.slice(0, LONGEST_WORD).replace(/[\uD800-\uDBFF]$/, '');
}
