import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import type {
  AppControllerRoute,
  AppViewRoute,
  BullBoardQueues,
  IServerAdapter,
  UIConfig,
} from '@bull-board/api/typings/app';
import type { JobEngine } from '#libs/jobs/job-engine.adapter.js';
import { Problem } from '#libs/problem/problem.js';
import { BOARD_UI } from './board-files.adapter.js';

/** Redis that is away is waited for, by whoever asks it. */
const PATIENCE_MS = 5_000;
const JOB = '/api/queues/:queueName/:jobId';
/** A value that the template leaves open. */
const PLACE = /<%[-=] (\w+) %>/g;
/** Letters from another host, and the styles of the moment before the page is there: our policy of contents has neither. */
const LEFT_OUT = /<link [^>]*href="https:[^>]*>| style="[^"]*"|<style>.*?<\/style>/g;

/** bull-board over these queues, to be looked at: of all that it can do, only its questions are taken over. */
export class QueueBoard {
  private readonly server = new Server();

  /** @param path where it is served, with a slash at its end */
  constructor(
    engine: JobEngine,
    private readonly queues: readonly string[],
    private readonly path: string,
  ) {
    createBullBoard({
      queues: queues.map((name) => adapterOf(engine, name)),
      serverAdapter: this.server,
      options: {
        uiBasePath: BOARD_UI,
        uiConfig: { boardTitle: `motcua (${engine.kind})`, hideDocsLink: true, showWorkers: false },
      },
    });
  }

  /** The page, of all queues, of one, or of a job; it asks the rest itself. @throws Problem not-found */
  async page(queueName?: string, jobId?: string): Promise<string> {
    if (queueName !== undefined && !this.queues.includes(queueName)) throw new Problem('not-found');
    if (jobId !== undefined) await this.answer(JOB, { queueName, jobId }, {});
    const { name, params } = this.server.page(this.path);
    const template = readFileSync(join(BOARD_UI, 'dist', name), 'utf8');
    return template.replace(LEFT_OUT, '').replace(PLACE, (_all, value: string) => params[value] ?? '');
  }

  /**
   * @param question a route of bull-board, as `/api/queues/:queueName/:jobId`
   * @throws Problem not-found, invalid-request, queues-unavailable
   */
  async answer(question: string, params: object, query: object): Promise<object> {
    // bull-board has an empty list of lines for a job that there is not.
    if (question === `${JOB}/logs`) await this.answer(JOB, params, {});
    const asked = this.server.ask(question, { ...params }, { ...query });
    const { status = 200, body } = await within(asked, PATIENCE_MS);
    if (status === 400) throw new Problem('invalid-request');
    if (status >= 300 || typeof body !== 'object') throw new Problem('not-found');
    return body;
  }
}

function adapterOf(engine: JobEngine, name: string): BullMQAdapter {
  // Of other types than ours, since its backend is given; what bull-board calls is the same.
  const queue = engine.queue(name) as unknown as ConstructorParameters<typeof BullMQAdapter>[0];
  return new BullMQAdapter(queue, { readOnlyMode: true });
}

type Answer = Awaited<ReturnType<AppControllerRoute['handler']>>;

/** Stands where bull-board expects a web server: keeps what it wants to have served. */
class Server implements IServerAdapter {
  private readonly questions = new Map<string, AppControllerRoute>();
  private entry: AppViewRoute | undefined;
  private queues: BullBoardQueues = new Map();
  private uiConfig: UIConfig = {};

  setApiRoutes(routes: AppControllerRoute[]): this {
    for (const each of routes) {
      if (each.method === 'get' && typeof each.route === 'string') this.questions.set(each.route, each);
    }
    return this;
  }

  setEntryRoute(entry: AppViewRoute): this {
    this.entry = entry;
    return this;
  }

  setQueues(queues: BullBoardQueues): this {
    this.queues = queues;
    return this;
  }

  setUIConfig(uiConfig: UIConfig): this {
    this.uiConfig = uiConfig;
    return this;
  }

  // Files, views and errors are seen to by the application.
  setStaticPath = (): this => this;
  setViewsPath = (): this => this;
  setErrorHandler = (): this => this;

  page(basePath: string): { name: string; params: Record<string, string> } {
    if (!this.entry) throw new Error('bull-board has no page');
    return this.entry.handler({ basePath, uiConfig: this.uiConfig });
  }

  async ask(
    question: string,
    params: Record<string, unknown>,
    query: Record<string, unknown>,
  ): Promise<Answer> {
    const { queues, uiConfig } = this;
    const found = this.questions.get(question);
    if (!found) throw new Error(`bull-board has no ${question}`);
    return found.handler({ queues, uiConfig, params, query, body: {}, headers: {} });
  }
}

async function within<T>(work: Promise<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Problem('queues-unavailable')), limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
