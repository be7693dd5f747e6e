import { printable } from './printable.js';

/** For the person who started the program, as it is but for what a terminal would obey. */
export const print = (text: string): void => void process.stdout.write(printable(text));

/** The same, a line. */
export const say = (line: string): void => print(`${line}\n`);

/** The same, where errors go. */
export const printError = (text: string): void => void process.stderr.write(printable(text));

/** What that person should know about, in one line. */
export const note = (line: string): void => printError(`motcua: ${line}\n`);
