import type { Pool } from 'pg';
import { type Caller, demand } from '#libs/access/demand.js';
import { permit } from '#libs/access/policy.js';
import { type Clock, isoNow } from '#libs/event-log/clock.js';
import type { EventLog, LogEngine } from '#libs/event-log/event-log.js';
import type { AwaitPosition } from '#libs/live/await-position.query.js';
import type { CommandHeaders } from '#libs/http/command-headers.decorator.js';
import type { Vault } from '#libs/personal-data/vault.js';
import { Problem } from '#libs/problem/problem.js';
import type { ReferenceData } from '#libs/reference/reference.events.js';
import { type DuePage, dueForErasure } from './due-for-erasure.query.js';
import { type DecideErasure, type ErasureAnswer, ErasureRunner } from './erasure-runner.js';
import { holdingsOf } from './holdings.query.js';
import type { OpenProposal } from './person.js';
import { dossiersOf, openErasures } from './persons.query.js';
import { type Bar, barsOf, dueSince, type Holding } from './retention.js';

export interface PersonsParts {
  readonly log: EventLog;
  readonly engine: LogEngine['engine'];
  readonly pool: Pool;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly reference: ReferenceData;
  readonly position: AwaitPosition;
}

/** What is known of a person's erasure. */
export interface Person {
  readonly subject: string;
  readonly dossiers: readonly string[];
  readonly bars: readonly Bar[];
  readonly dueSince: string | null;
  readonly open: OpenProposal | null;
  readonly erasedAt: string | null;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const READ = 'list-due-for-erasure';

/** Persons as the office must be able to forget them: found by the dossiers that hold their data. */
export class Persons {
  private readonly runner: ErasureRunner;

  constructor(private readonly parts: PersonsParts) {
    this.runner = new ErasureRunner({
      ...parts,
      holdings: (subject, now) => this.holdings(subject, now),
    });
  }

  /** @throws Problem as `ErasureRunner.run` */
  run(subject: string, by: CommandHeaders, content: object, decide: DecideErasure): Promise<ErasureAnswer> {
    return this.runner.run(known(subject), by, content, decide);
  }

  /** @throws Problem person-unknown; forbidden unless the caller may know of each dossier */
  async one(subject: string, caller: Caller): Promise<Person> {
    const now = isoNow(this.parts.clock);
    const holdings = await this.holdings(known(subject), now);
    for (const { place } of holdings) demand(caller, READ, now, place);
    const { open, erasedAt } = await this.runner.state(subject);
    if (holdings.length === 0 && erasedAt === null) throw new Problem('person-unknown', { subject });
    return {
      subject,
      dossiers: holdings.map(({ code }) => code),
      bars: erasedAt === null ? barsOf(holdings, now) : [],
      dueSince: erasedAt === null ? (dueSince(holdings, now) ?? null) : null,
      open,
      erasedAt,
    };
  }

  /** Erasures that wait for a second person. */
  async waiting(caller: Caller): Promise<(OpenProposal & { subject: string })[]> {
    const now = isoNow(this.parts.clock);
    const items = [];
    for (const waiting of await openErasures(this.parts)) {
      const holdings = await this.holdings(waiting.subject, now);
      if (holdings.every((holding) => this.mayKnow(caller, holding, now))) items.push(waiting);
    }
    return items;
  }

  due(caller: Caller, page: { readonly after: string; readonly limit: number }): Promise<DuePage> {
    const now = isoNow(this.parts.clock);
    return dueForErasure(
      this.parts,
      {
        reference: this.parts.reference,
        holdings: (codes, at) => holdingsOf(this.parts, codes, at),
        mayKnow: (holding) => this.mayKnow(caller, holding, now),
      },
      { ...page, now },
    );
  }

  private mayKnow({ principal }: Caller, { place }: Holding, now: string): boolean {
    return permit(principal, READ, now, place).allowed;
  }

  /** Of every dossier of the person that the log knows of now: the worklist must have come so far. */
  private async holdings(subject: string, now: string): Promise<Holding[]> {
    const head = Number(await this.parts.log.head());
    await this.parts.position.reached('worklist', head, new AbortController().signal);
    return holdingsOf(this.parts, await dossiersOf(this.parts, subject), now);
  }
}

/** @throws Problem person-unknown for what cannot be an id */
function known(subject: string): string {
  if (UUID.test(subject)) return subject;
  throw new Problem('person-unknown', { subject: '?' });
}
