import { randomUUID } from 'node:crypto';
import { bearer } from './tokens.js';

/** What the service said to a command that it carried out. */
export interface Acknowledged {
  readonly code: string;
  readonly revision: number;
  readonly position: number;
  readonly recordedAt: string;
}

/** A command as a clerk remembers it, whatever the service knows. */
export interface Sent {
  readonly actor: string;
  readonly key: string;
  readonly step: string;
  readonly path: string;
  readonly body: object;
  readonly seen: number | undefined;
  /** Undefined as long as the outcome is not known. */
  answer?: Acknowledged;
}

/** The service as clerks find it: here, gone, or back under another address. */
export interface Counter {
  /** Resolves with the address when the service is up. */
  url(): Promise<string>;
  /** Told before a command leaves and after its answer came. */
  moved(): void;
}

/**
 * Takes in dossiers and brings them forward, one command after another, until told to go home. After a broken
 * connection it sends the same command with the same key again; now and then it gives the dossier up instead and
 * never learns.
 */
export class Clerk {
  readonly sent: Sent[] = [];
  /** How many steps were refused as they may be. */
  refused = 0;
  /** How often the service said to send it once more. */
  again = 0;

  constructor(
    private readonly actor: string,
    private readonly counter: Counter,
    private readonly random: () => number,
    private readonly atWork: () => boolean,
    /** Types of problems that may be the answer: they are taken as the end of that dossier. */
    private readonly refusals: readonly string[] = [],
  ) {}

  /** Ends when `atWork` says no: after the command under way, or when the connection breaks. */
  async work(): Promise<void> {
    while (this.atWork()) await this.dossier();
  }

  private async dossier(): Promise<void> {
    const applicant = { name: `Người nộp ${this.actor} ${this.sent.length}` };
    let last = await this.give('accept-new', '/api/dossiers', undefined, {
      ...{ unit: 'H54.12', procedure: '1.009664', channel: 'in_person', applicant },
    });
    const steps: [string, object][] = [
      ['hand-over', { toUnit: 'H54.12', toOfficial: 'official-1' }],
      ...Array.from({ length: Math.floor(this.random() * 4) }, (_, n): [string, object] => [
        'annotate',
        { note: `Ghi chú ${n + 1}` },
      ]),
      ['resolve', { outcome: 'granted' }],
      ['return', { method: 'in_person' }],
    ];
    for (const [step, body] of steps) {
      if (!last || !this.atWork()) return;
      last = await this.give(step, `/api/dossiers/${last.code}/${step}`, last.revision, body);
    }
  }

  private async give(
    step: string,
    path: string,
    seen: number | undefined,
    body: object,
  ): Promise<Acknowledged | undefined> {
    const command: Sent = { actor: this.actor, key: randomUUID(), step, path, seen, body };
    this.sent.push(command);
    const patient = this.random() < 0.8;
    for (;;) {
      const url = await this.counter.url();
      this.counter.moved();
      const answer = await send(url, command).catch((error: unknown) => this.outcome(error));
      if (typeof answer === 'object') command.answer = answer;
      this.counter.moved();
      if (typeof answer === 'object') return answer;
      if (answer === 'again') this.again += 1;
      if (answer === 'refused') {
        this.refused += 1;
        return undefined;
      }
      if (answer === 'cut' && !(patient && this.atWork())) return undefined;
    }
  }

  private outcome(error: unknown): 'cut' | 'refused' {
    if (!(error instanceof UnexpectedAnswer)) return 'cut';
    if (this.refusals.some((type) => error.message.includes(`/problems/${type}"`))) return 'refused';
    throw error;
  }
}

/** @returns the answer, or `again` when the service says to send it once more; rejects when the connection breaks */
export async function send(url: string, command: Sent): Promise<Acknowledged | 'again'> {
  const response = await fetch(url + command.path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...bearer(command.actor),
      'idempotency-key': command.key,
      ...(command.seen === undefined ? {} : { 'if-match': `"${command.seen}"` }),
    },
    body: JSON.stringify(command.body),
  });
  const text = await response.text();
  if (response.ok) {
    const { code, revision, position, recordedAt } = JSON.parse(text) as Acknowledged;
    return { code, revision, position, recordedAt };
  }
  if (response.status === 503 || text.includes('/command-in-progress')) return 'again';
  throw new UnexpectedAnswer(`${response.status} ${text}`);
}

export class UnexpectedAnswer extends Error {}
