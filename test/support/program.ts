import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '#apps/platform/project-root.js';
import { type Ended, runWarm } from './command-line.js';
import { issueTokensTo } from './tokens.js';
import { TEST_MASTER_KEY } from './vault.js';
import { isAlive, readPostmaster } from '#libs/read-db/postmaster.adapter.js';

export type { Ended };

const SERVICE = join(projectRoot, 'dist/apps/api/main.js');
const WORKER = join(projectRoot, 'dist/apps/worker/main.js');
const CLI = join(projectRoot, 'dist/apps/cli/main.js');

/** A built program as a process of its own. */
export class Program {
  readonly ended: Promise<Ended>;
  private readonly child: ChildProcess;
  private readonly output = { stdout: '', stderr: '' };
  private readonly listeners = new Set<() => void>();

  constructor(script: string, args: readonly string[], env: NodeJS.ProcessEnv) {
    this.child = spawn(process.execPath, [built(script), ...args], { env: environment(env) });
    for (const name of ['stdout', 'stderr'] as const) {
      this.child[name]!.setEncoding('utf8').on('data', (text: string) => {
        this.output[name] += text;
        this.tell();
      });
    }
    this.ended = new Promise((resolve, reject) => {
      this.child.once('error', reject);
      this.child.once('close', (code) => {
        resolve({ code, ...this.output });
        this.tell();
      });
    });
  }

  get stdout(): string {
    return this.output.stdout;
  }

  get stderr(): string {
    return this.output.stderr;
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error('it could not be started');
    return this.child.pid;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  write(input: string | Uint8Array): void {
    this.child.stdin?.end(input);
  }

  /** One line, after which others may follow. */
  tellLine(line: string): void {
    this.child.stdin?.write(`${line}\n`);
  }

  /** Resolves when the program has said so on its output; rejects with what it did say if it ends before. */
  async says(pattern: RegExp, where: 'stdout' | 'stderr' = 'stdout'): Promise<RegExpExecArray> {
    let over = false;
    void this.ended.then(() => (over = true));
    for (;;) {
      const found = pattern.exec(this.output[where]);
      if (found) return found;
      if (over) throw new Error(`ended without ${String(pattern)}: ${JSON.stringify(this.output)}`);
      await new Promise<void>((resolve) => {
        const listener = (): void => {
          this.listeners.delete(listener);
          resolve();
        };
        this.listeners.add(listener);
        void this.ended.then(listener);
      });
    }
  }

  private tell(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

/** Without what the shell of the tests says about databases, folders and ports, and without settings of the tests. */
const {
  DATABASE_URL: _url,
  EVENTSTORE_URL: _eventStore,
  REDIS_URL: _redis,
  MOTCUA_DATA: _data,
  PORT: _port,
  NODE_OPTIONS: _options,
  ...OTHERS
} = process.env;
const BASE_ENV = {
  ...Object.fromEntries(Object.entries(OTHERS).filter(([name]) => !/^MOTCUA_(TEST_|SHARED$)/.test(name))),
  // Clerks of tests ask as often as they can.
  ...{ MOTCUA_LIMIT_ACCOUNT: '0', MOTCUA_LIMIT_ADDRESS: '0' },
};

function built(script: string): string {
  if (!existsSync(script)) throw new Error(`${script} is missing: run \`npm run build\` first`);
  return script;
}

const environment = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  ...BASE_ENV,
  ...masterKeyFor(env),
  ...env,
});

/** Where the database is not in a data folder, the master key is not either. */
function masterKeyFor({ DATABASE_URL: url }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return url ? { MOTCUA_MASTER_KEY: TEST_MASTER_KEY } : {};
}

/** The service, not yet ready. */
export function service(env: NodeJS.ProcessEnv): Program {
  return new Program(SERVICE, [], { PORT: '0', ...env });
}

export interface Starting {
  readonly program: Program;
  /** Its address, when it is ready; rejects when it ends before. */
  readonly url: Promise<string>;
}

export function startingService(env: NodeJS.ProcessEnv): Starting {
  const program = service(env);
  return { program, url: said(program, /motcua is running: open (\S+)\/api /) };
}

export function startingWorker(env: NodeJS.ProcessEnv): Starting {
  const program = new Program(WORKER, [], { PORT: '0', ...env });
  return { program, url: said(program, /motcua worker is running: see (\S+)\/health\/ready /) };
}

async function said(program: Program, pattern: RegExp): Promise<string> {
  return (await program.says(pattern))[1]!;
}

/** The service, ready to answer at `url`, also these accounts (`bearer`), which may do everything. */
export async function startedService(
  env: NodeJS.ProcessEnv,
  accounts: readonly string[] = ['clerk-1'],
): Promise<{ program: Program; url: string }> {
  const { program, url } = startingService(env);
  if (accounts.length > 0) await issueTokensTo(await url, env, accounts);
  return { program, url: await url };
}

/** A worker, ready: its health is at `url`. */
export async function startedWorker(env: NodeJS.ProcessEnv): Promise<{ program: Program; url: string }> {
  const { program, url } = startingWorker(env);
  return { program, url: await url };
}

/** Runs a command to its end; one with an input is a process of its own, others follow one another in one. */
export async function motcua(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  input?: string,
): Promise<Ended> {
  if (input === undefined) return runWarm(built(CLI), args, environment(env));
  const program = motcuaProgram(args, env);
  program.write(input);
  return program.ended;
}

/** A command under way. */
export function motcuaProgram(args: readonly string[], env: NodeJS.ProcessEnv): Program {
  return new Program(CLI, args, env);
}

/** An empty folder; `remove` ends the database server in it, if one is left, and takes it away. */
export async function temporaryFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'motcua-process-'));
  return {
    path,
    remove: async () => {
      const server = await readPostmaster(join(path, 'postgres'));
      if (server && isAlive(server.pid)) process.kill(server.pid, 'SIGQUIT');
      await rm(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}

/** Whether a database server runs in the data folder: false after a clean stop. */
export async function serverRuns(dataFolder: string): Promise<boolean> {
  return (await readPostmaster(join(dataFolder, 'postgres'))) !== undefined;
}

/** A port of the loopback address that something listens on until `release`. */
export async function takenPort(): Promise<{ port: number; release: () => Promise<void> }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { port, release: () => new Promise((resolve) => server.close(() => resolve())) };
}
