import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterAll } from '@jest/globals';

const WARM = join(import.meta.dirname, 'warm-command-line.mjs');
/** What no command says. */
const END = '\u0000end of a command\u0000';

export interface Ended {
  /** Null if a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const idle: ChildProcess[] = [];
let over = false;

afterAll(() => {
  over = true;
  for (const warm of idle.splice(0)) warm.disconnect();
});

/** Runs a command to its end in a process that has run others before, where one is free. */
export async function runWarm(
  script: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Ended> {
  const warm = idle.pop() ?? fork(WARM, [script], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const died = new AbortController();
  const { signal } = died;
  const words: string[] = [];
  const end = (code: number | null): void =>
    died.abort(new Error(`a command ended its process with ${code}: ${words.join('')}`));
  warm.once('exit', end);
  const all = Promise.all([
    once(warm, 'message', { signal }) as Promise<[number]>,
    wordsUpToEnd(warm.stdout!, signal, words),
    wordsUpToEnd(warm.stderr!, signal, words),
  ]);
  warm.send({ args, env, end: END });
  try {
    const [[code], stdout, stderr] = await all;
    if (over) warm.disconnect();
    else idle.push(warm);
    return { code, stdout, stderr };
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    warm.off('exit', end);
  }
}

/** What a command says here; `said` is given it piece by piece. */
function wordsUpToEnd(output: Readable, signal: AbortSignal, said: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const finish = (then: () => void): void => {
      output.off('data', listen);
      then();
    };
    const listen = (piece: string): void => {
      text += piece;
      said.push(piece);
      if (text.endsWith(END)) finish(() => resolve(text.slice(0, -END.length)));
    };
    output.setEncoding('utf8').on('data', listen);
    signal.addEventListener('abort', () => finish(() => reject(signal.reason as Error)), { once: true });
  });
}
