import { demand } from '#libs/access/demand.js';
import type { Grant } from '#libs/access/principal.js';
import type { Clock } from '#libs/event-log/clock.js';
import { isoNow } from '#libs/event-log/clock.js';
import {
  type AppendResult,
  type EventLog,
  idOf,
  type NewEvent,
  streamName,
  WrongExpectedRevision,
} from '#libs/event-log/event-log.js';
import type { Vault } from '#libs/personal-data/vault.js';
import { Problem } from '#libs/problem/problem.js';
import type { ReferenceData } from '#libs/reference/reference.events.js';
import type { CommandWatch } from '#libs/telemetry/command-meter.js';
import type { Situation } from '../decision.js';
import { DOSSIER_CATEGORY, type DossierEvent } from '../dossier.events.js';
import { inForce } from '../in-force.js';
import { answerOf, type CommandAnswer, firstAnswer } from './answer.js';
import { CodeSequence } from './code-sequence.js';
import {
  type Authorship,
  ChangeDossier,
  eventIdOf,
  type OpenDossier,
  toEvents,
  withCode,
} from './command.js';
import { demandStep } from '../permission.js';
import { fold, readDossier } from './read-dossier.js';
import type { Receipt, Receipts } from './receipts.js';
import { applicantOf, sealFacts } from './seal-facts.js';

const TRIES = 3;
const NO_CODE_YET = '';

/**
 * Carries out commands: read, fold, decide, seal, append at the revision that was read. A command that was carried out
 * before is answered from its events; a refused one leaves nothing.
 */
export class CommandRunner {
  private readonly running = new Map<string, Promise<unknown>>();
  private readonly codes: CodeSequence;

  constructor(
    private readonly log: EventLog,
    private readonly receipts: Receipts,
    private readonly reference: ReferenceData,
    private readonly clock: Clock,
    private readonly vault: Vault,
  ) {
    this.codes = new CodeSequence(log);
  }

  /** @throws Problem when the step is not possible, or the dossier has moved since `context.seen` */
  change(command: ChangeDossier, watch: CommandWatch = {}): Promise<CommandAnswer> {
    return this.once(command, watch, async () => {
      for (let left = TRIES; ; left -= 1) {
        const events = await readDossier(this.log, command.code);
        const repeated = await firstAnswer(this.vault, command.code, events, command);
        if (repeated) return again(repeated, watch);
        const state = fold(command.code, events);
        const granted = by(command, demandStep(command.context, state, isoNow(this.clock)));
        requireSeen(command, events);
        await this.requireDossiers(command.mentions);
        const stream = streamName(DOSSIER_CATEGORY, command.code);
        const facts = command.decide(state, this.situation(granted));
        const sealed = await sealFacts(this.vault, facts, command, applicantOf(stream, events));
        const next = toEvents(sealed, granted, watch.traceparent);
        try {
          return answerAfter(command.code, events, next, await this.log.append(stream, state.revision, next));
        } catch (error) {
          if (!(error instanceof WrongExpectedRevision) || left === 1) throw error;
        }
      }
    });
  }

  /** Opens a dossier under the next code of its unit and day. */
  open(command: OpenDossier, watch: CommandWatch = {}): Promise<CommandAnswer> {
    return this.once(command, watch, async (before) => {
      const done = before && (await this.opened(command));
      if (done) return again(done, watch);
      try {
        return await this.openNext(command, watch);
      } catch (error) {
        const elsewhere = error instanceof WrongExpectedRevision;
        if (!elsewhere && !(error instanceof Problem)) throw error;
        // It was carried out before, though no receipt says so: whether it would be allowed today does not matter.
        const first = await this.opened(command);
        if (first) return again(first, watch);
        // Its events may yet come to stand under another code: another process is at it.
        throw elsewhere ? new Problem('command-in-progress') : error;
      }
    });
  }

  private async openNext(command: OpenDossier, watch: CommandWatch): Promise<CommandAnswer> {
    const { principal, action } = command.context;
    const now = isoNow(this.clock);
    const granted = by(command, demand({ principal }, action, now, [command.unit], '/unit'));
    const situation = this.situation(granted);
    const { unit, date } = inForce(command.unit, situation.now, this.reference);
    await this.requireDossiers(command.mentions);
    const facts = await sealFacts(this.vault, command.decide(NO_CODE_YET, situation), command);
    let events: NewEvent[] = [];
    const { code, result } = await this.codes.open(
      { unit: unit.code, date, digits: unit.sequenceDigits },
      (next) => (events = toEvents(withCode(facts, next), granted, watch.traceparent)),
    );
    return answerAfter(code, [], events, result);
  }

  private situation({ context: { actor, onBehalfOf } }: Granted): Situation {
    return {
      now: isoNow(this.clock),
      reference: this.reference,
      actor,
      ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
    };
  }

  /** Lets one of equal commands act; the others get its answer. */
  private async once(
    command: ChangeDossier | OpenDossier,
    watch: CommandWatch,
    act: (before: Receipt | undefined) => Promise<CommandAnswer>,
  ): Promise<CommandAnswer> {
    const { commandId } = command.context;
    while (this.running.has(commandId)) await this.running.get(commandId)?.catch(() => undefined);
    const run = this.claimed(command, watch, act);
    this.running.set(commandId, run);
    try {
      return await run;
    } finally {
      this.running.delete(commandId);
    }
  }

  private async claimed(
    command: ChangeDossier | OpenDossier,
    watch: CommandWatch,
    act: (before: Receipt | undefined) => Promise<CommandAnswer>,
  ): Promise<CommandAnswer> {
    const { commandId } = command.context;
    const hash = this.vault.digest('command', command.hash).toString('base64url');
    const before = await this.receipts.claim(commandId, hash);
    if (before) {
      if (before.code === null && before.hash !== hash) throw new Problem('idempotency-key-reused');
      if (before.inProgress) throw new Problem('command-in-progress');
      if (before.code !== null) {
        const elsewhere = command instanceof ChangeDossier && command.code !== before.code;
        if (elsewhere) throw new Problem('idempotency-key-reused');
        const events = await readDossier(this.log, before.code);
        const answer = await firstAnswer(this.vault, before.code, events, command);
        if (answer) return again(answer, watch);
      }
    }
    try {
      const answer = await act(before);
      // Only an index: where it gets lost, the log is searched for the command.
      this.receipts.settle(commandId, answer.code).catch(() => undefined);
      return answer;
    } catch (error) {
      if (error instanceof Problem && error.type !== 'command-in-progress') {
        await this.receipts.release(commandId);
      }
      throw error;
    }
  }

  /** The answer of a command that has opened a dossier, by where its first event stands. */
  private async opened(command: OpenDossier): Promise<CommandAnswer | undefined> {
    const stream = await this.log.streamOf(eventIdOf(command.context.commandId, 0));
    if (stream === undefined) return undefined;
    const code = idOf(stream);
    return firstAnswer(this.vault, code, await readDossier(this.log, code), command);
  }

  private async requireDossiers(codes: readonly string[]): Promise<void> {
    for (const code of codes) {
      if ((await readDossier(this.log, code)).length === 0) {
        throw new Problem('former-dossier-unknown', { code }, [{ pointer: '/formerCode', rule: 'unknown' }]);
      }
    }
  }
}

/** What events say of a command, once it is known by which grant it may be. */
interface Granted {
  readonly hash: string;
  readonly context: Authorship;
}

const by = ({ hash, context }: ChangeDossier | OpenDossier, { lentBy }: Grant): Granted => ({
  hash,
  context: lentBy === undefined ? context : { ...context, onBehalfOf: lentBy },
});

/** An answer that was given before. */
function again(answer: CommandAnswer, watch: CommandWatch): CommandAnswer {
  watch.repeated?.();
  return answer;
}

/** What a command answers that has just appended these events after those. */
function answerAfter(
  code: string,
  before: readonly DossierEvent[],
  appended: readonly NewEvent[],
  result: AppendResult,
): CommandAnswer {
  const revision = result.revision - BigInt(appended.length - 1);
  const after = appended.map(
    (event, n) => ({ ...event, revision: revision + BigInt(n) }) as unknown as DossierEvent,
  );
  return answerOf(fold(code, [...before, ...after]), result);
}

/** @throws Problem when the giver of the command saw another state of the dossier: with what happened since */
function requireSeen({ code, context: { seen } }: ChangeDossier, events: readonly DossierEvent[]): void {
  const revision = events.at(-1)?.revision ?? -1n;
  if (seen === undefined || seen === revision) return;
  if (seen > revision)
    throw new Problem('revision-unknown', { code, stated: Number(seen), revision: Number(revision) });
  const since = events.filter((event) => event.revision > seen);
  // That time passed is nothing that somebody should have seen before.
  if (since.every(({ type }) => type === 'DossierFellOverdue')) return;
  throw new Problem('revision-stale', {
    code,
    stated: Number(seen),
    revision: Number(revision),
    since: since.map((event) => ({
      revision: Number(event.revision),
      type: event.type,
      occurredAt: event.occurredAt,
      recordedAt: event.recordedAt,
      actor: event.metadata.actor,
    })),
  });
}
