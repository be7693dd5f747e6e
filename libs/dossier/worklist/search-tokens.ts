import type { JsonObject } from '#libs/event-log/json.js';
import type { Vault } from '#libs/personal-data/vault.js';
import { bareNumber, beginnings, searchWords } from './search.js';

/** No word of a code begins with it. */
const MARK = '=';
const TOKEN_BYTES = 6;
/** Words whose tokens are kept in memory; a rebuild sees the same names again and again. */
const MOST_KEPT = 20_000;

/**
 * What stands in the worklist for words about persons: keyed hashes, cut short. They tell whether two beginnings are
 * the same, and nothing else.
 */
export class SearchTokens {
  private readonly kept = new Map<string, readonly string[]>();

  constructor(private readonly vault: Pick<Vault, 'digest'>) {}

  /** Of every beginning of a word of its name; and of its numbers, which are found as a whole only. */
  ofParty({ name, idNumber, phone }: JsonObject): string[] {
    const tokens = new Set<string>();
    if (typeof name === 'string') {
      for (const word of searchWords(name)) for (const token of this.ofWord(word)) tokens.add(token);
    }
    for (const number of [idNumber, phone]) {
      const bare = typeof number === 'string' ? bareNumber(number) : '';
      if (bare !== '') tokens.add(this.of(bare));
    }
    return [...tokens];
  }

  readonly of = (text: string): string =>
    MARK + this.vault.digest('search', text).subarray(0, TOKEN_BYTES).toString('base64url');

  private ofWord(word: string): readonly string[] {
    const known = this.kept.get(word);
    if (known) this.kept.delete(word);
    const tokens = known ?? beginnings(word).map(this.of);
    // A map gives its keys in the order they came: the first is the one not used for longest.
    this.kept.set(word, tokens);
    if (this.kept.size > MOST_KEPT) this.kept.delete(this.kept.keys().next().value as string);
    return tokens;
  }
}
