import type { Span } from '@opentelemetry/api';
import { PROBLEMS } from '#libs/problem/catalogue.js';
import type { Problem } from '#libs/problem/problem.js';
import type { Metrics, Outcome } from './metrics.adapter.js';
import { inSpan, traceparentOf } from './tracing.js';

/** What a command is given to say about itself while it is carried out. */
export interface CommandWatch {
  /** W3C `traceparent` for the metadata of its events; undefined while nothing is traced. */
  readonly traceparent?: string | undefined;
  /** It was carried out before: its first answer is given again. */
  repeated?(): void;
}

/** Problems that mean: someone else was first. */
const CONFLICTS = new Set(['revision-stale', 'too-busy']);

/** Counts, times and traces commands. */
export class CommandMeter {
  /** @param asProblem what an error is told as; undefined for what nobody foresaw */
  constructor(
    private readonly metrics: Metrics,
    private readonly asProblem: (error: unknown) => Problem | undefined,
  ) {}

  /** @param command name of the step: one of a few, from the code */
  run<T>(command: string, work: (watch: CommandWatch) => Promise<T>): Promise<T> {
    const attributes = { 'motcua.command': command };
    return inSpan(`command ${command}`, { attributes }, async (span) => {
      const end = this.metrics.commandSeconds.startTimer({ command });
      let outcome: Outcome = 'done';
      let problem = '';
      try {
        const repeated = (): void => void (outcome = 'repeated');
        return await work({ traceparent: traceparentOf(span), repeated });
      } catch (error) {
        ({ outcome, problem } = this.outcomeOf(error));
        throw error;
      } finally {
        end();
        this.metrics.commands.inc({ command, outcome, problem });
        describe(span, outcome, problem);
      }
    });
  }

  private outcomeOf(error: unknown): { outcome: Outcome; problem: string } {
    const problem = this.asProblem(error)?.type;
    if (problem === undefined) return { outcome: 'error', problem: '' };
    const kind = PROBLEMS[problem]?.kind;
    const outcome = CONFLICTS.has(problem) ? 'conflict' : kind === 'unavailable' ? kind : 'refused';
    return { outcome, problem };
  }
}

function describe(span: Span, outcome: Outcome, problem: string): void {
  span.setAttribute('motcua.outcome', outcome);
  if (problem) span.setAttribute('motcua.problem', problem);
}
