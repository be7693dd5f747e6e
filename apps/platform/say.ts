/** For the person who started the program. */
export const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** What that person should know about, in one line. */
export const note = (line: string): void => void process.stderr.write(`motcua: ${line}\n`);
