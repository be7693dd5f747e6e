/** Longest word kept, in UTF-16 units; the index refuses words of more than 2 KB. */
const LONGEST_WORD = 100;
/** Words kept of one dossier, and looked for at once. */
const MOST_WORDS = 64;

const EDGES = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu;
const ASCII = /^[ -~]*$/;
const INNER = /[^\p{L}\p{N}]+/u;

/**
 * The words by which a dossier is found: lower case, without diacritics (đ is d), so that `Nguyễn` composed,
 * decomposed and `nguyen` are the same. A code is one word and also its parts.
 */
export function searchWords(...texts: readonly (string | null)[]): string[] {
  const words = new Set<string>();
  for (const text of texts) {
    for (const word of wordsOf(text ?? '')) {
      words.add(word);
      for (const part of word.split(INNER)) if (part !== '') words.add(part);
    }
  }
  return [...words].slice(0, MOST_WORDS);
}

/**
 * A PostgreSQL `tsquery` for what someone typed: every word must begin a word of the dossier. Undefined if there
 * is no word in it.
 */
export function searchQuery(typed: string): string | undefined {
  const words = wordsOf(typed).slice(0, MOST_WORDS);
  if (words.length === 0) return undefined;
  return words.map((word) => `'${word.replace(/['\\]/g, '$&$&')}':*`).join(' & ');
}

function wordsOf(text: string): string[] {
  return plain(text)
    .split(/\s+/u)
    .map((word) => cut(word.replace(EDGES, '')))
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
