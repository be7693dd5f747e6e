import { expect } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type Acknowledged, send, type Sent } from './clerks.js';
import { type Ended, motcua, startedService } from './program.js';

/** Gives a command as a clerk does who remembers it and its answer. */
export async function give(url: string, command: Omit<Sent, 'actor' | 'key' | 'answer'>): Promise<Answered> {
  const sent = { ...command, actor: 'clerk-1', key: randomUUID() };
  return { ...sent, answer: await insist(url, sent) };
}

export type Answered = Sent & { readonly answer: Acknowledged };

async function insist(url: string, sent: Sent): Promise<Acknowledged> {
  for (;;) {
    const answer = await send(url, sent);
    if (answer !== 'again') return answer;
  }
}

/** The acceptance of a dossier, and its hand-over. */
export async function takeIn(url: string, name: string): Promise<Answered[]> {
  const opening = await give(url, {
    step: 'accept-new',
    path: '/api/dossiers',
    seen: undefined,
    body: { unit: 'H54.12', procedure: '1.009664', channel: 'in_person', applicant: { name } },
  });
  const { code, revision } = opening.answer;
  const path = `/api/dossiers/${code}/hand-over`;
  const body = { toUnit: 'H54.12', toOfficial: 'official-1' };
  return [opening, await give(url, { step: 'hand-over', path, seen: revision, body })];
}

/** Gives the same commands with the same keys once more. */
export function repeat(url: string, commands: readonly Answered[]): Promise<Acknowledged[]> {
  return Promise.all(commands.map((command) => insist(url, command)));
}

/** The codes of what these commands opened go up by one, from 1 on each day. */
export function expectCodesWithoutGaps(commands: readonly Answered[]): void {
  const next = new Map<string, number>();
  for (const { answer } of commands.filter(({ step }) => step === 'accept-new')) {
    const [, day = '', n] = /^(.+)-(\d+)$/.exec(answer.code) ?? [];
    expect({ code: answer.code, n: Number(n) }).toEqual({ code: answer.code, n: (next.get(day) ?? 0) + 1 });
    next.set(day, Number(n));
  }
}

/** Runs `work` against the service of these settings, then stops it. */
export async function whileRunning<T>(env: NodeJS.ProcessEnv, work: (url: string) => Promise<T>): Promise<T> {
  const { program, url } = await startedService(env);
  try {
    return await work(url);
  } finally {
    program.signal('SIGTERM');
    await program.ended;
  }
}

/** What must not change by a move: every figure, counted again; not positions, which each engine gives. */
export async function figures(env: NodeJS.ProcessEnv, from = '2023-12-01T00:00:00Z'): Promise<object> {
  const period = ['--from', from, '--to', '2100-01-01T00:00:00Z'];
  const told = await done(['report', '--form', 'II.06a', ...period, '--json', '--final', '--recount'], env);
  const { position: _, lag: _lag, ...rest } = JSON.parse(told.stdout) as Record<string, unknown>;
  return rest;
}

/** How many events and streams the log has; it must verify. */
export async function verified(env: NodeJS.ProcessEnv): Promise<{ events: number; streams: number }> {
  const told = await done(['verify', '--json'], env);
  const { events, streams, findings } = JSON.parse(told.stdout) as Record<string, unknown>;
  expect(findings).toEqual([]);
  return { events: Number(events), streams: Number(streams) };
}

/** Runs a command that must succeed without a word on the error output. */
export async function done(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  const ended = await motcua(args, env);
  expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code: 0, stderr: '' });
  return ended;
}

/** One line that names what is wrong, no result, and a status that says so. */
export function refused({ code, stdout, stderr }: Ended, named: RegExp): void {
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^motcua: .+\n$/);
  expect(stderr).toMatch(named);
}
