import type { CountGuesses } from './password-rules.js';

/** What is hard to guess up to here is so as a whole; the count takes longer than in proportion. */
const LOOKED_AT = 64;

let loading: Promise<CountGuesses> | undefined;

/** By common passwords and words, repetitions, keyboards and sequences. Loaded when it is needed first. */
export function loadCountGuesses(): Promise<CountGuesses> {
  return (loading ??= load());
}

async function load(): Promise<CountGuesses> {
  const [{ ZxcvbnFactory }, { adjacencyGraphs, dictionary }] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
  ]);
  const zxcvbn = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });
  return (password, words) => zxcvbn.check(password.slice(0, LOOKED_AT), [...words]).guessesLog10;
}
