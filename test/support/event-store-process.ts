import { join } from 'node:path';
import { projectRoot } from '#apps/platform/project-root.js';
import type { ControlLine } from './eventstoredb/control.js';
import { Program } from './program.js';

const STAND_IN = join(projectRoot, 'dist/test/support/eventstoredb/program.js');

/** The stand-in for EventStoreDB as a process, so that it can be killed with -9. It ends with the tests. */
export class EventStoreProcess {
  private constructor(
    private program: Program,
    readonly url: string,
    private readonly journal: string,
  ) {}

  /** @param journal a file that keeps what is appended over a kill */
  static async start(journal: string): Promise<EventStoreProcess> {
    const { program, url } = await started(journal, '0');
    return new EventStoreProcess(program, url, journal);
  }

  /** Sets faults and what else a line of control can. */
  async control(line: ControlLine): Promise<void> {
    const answered = this.program.stdout.length;
    this.program.tellLine(JSON.stringify(line));
    await this.program.says(new RegExp(`^[^]{${answered}}(ok|error .*)\\n`));
  }

  /** As a power cut ends it. */
  async kill(): Promise<void> {
    this.program.signal('SIGKILL');
    await this.program.ended;
  }

  /** On the same port, with what was acknowledged. */
  async restart(): Promise<void> {
    const port = /:(\d+)\?/.exec(this.url)?.[1] ?? '0';
    this.program = (await started(this.journal, port)).program;
  }

  async stop(): Promise<void> {
    this.program.signal('SIGTERM');
    await this.program.ended;
  }
}

async function started(journal: string, port: string): Promise<{ program: Program; url: string }> {
  const args = ['--port', port, '--journal', journal, '--end-with-input'];
  const program = new Program(STAND_IN, args, {});
  const [, url] = await program.says(/^ready (\S+)/);
  return { program, url: url! };
}
