import type { Limit } from '#libs/calendar/calendar.js';
import { dueInstant, localDate } from '#libs/calendar/working-time.js';
import { acceptNew } from '#libs/dossier/accept/accept.js';
import { codeOf } from '#libs/dossier/commands/code-sequence.js';
import { commandIdOf, toEvents } from '#libs/dossier/commands/command.js';
import { unsealed } from '#libs/dossier/commands/seal-facts.js';
import { compiled, compiledAtOnce, type Decide, type Situation } from '#libs/dossier/decision.js';
import { DOSSIER_CATEGORY, type DossierEvent, type DossierFact } from '#libs/dossier/dossier.events.js';
import { type NewEvent, streamName } from '#libs/event-log/event-log.js';
import type { Unsealed } from '#libs/personal-data/sealing.js';
import { subjectOfStream } from '#libs/personal-data/subject.js';
import { type DossierState, evolve } from '#libs/dossier/dossier.js';
import { handOver } from '#libs/dossier/hand-over/hand-over.js';
import { receiveSupplement } from '#libs/dossier/receive-supplement/receive-supplement.js';
import { requestSupplement } from '#libs/dossier/request-supplement/request-supplement.js';
import { resolve } from '#libs/dossier/resolve/resolve.js';
import { returnResult } from '#libs/dossier/return-result/return-result.js';
import type { CalendarDefinition } from '#libs/calendar/calendar.js';
import type { ProcedureVersion, ReferenceData, UnitVersion } from '#libs/reference/reference.events.js';

/** Marks every event of the demonstration: nobody did this. */
export const SYNTHETIC = 'synthetic-half-year-2024';

const CARRIED_OVER = 13;
const RECEIVED = 117;
const PENDING = 11;
const IN_PERSON_EVERY = 16;

export interface SyntheticDossier {
  readonly code: string;
  readonly events: readonly Unsealed<NewEvent>[];
}

/**
 * A made-up half-year with the figures that were published of January–June 2024: 13 carried over, 117 received (110
 * online, 7 in person), 119 resolved and none late, 11 pending. Which of them were before time and which on time was
 * not published: that split is invented. Every step is decided by the same rules as a clerk's.
 */
export function halfYear(
  reference: ReferenceData,
  unit: UnitVersion,
  calendar: CalendarDefinition,
): SyntheticDossier[] {
  const days = workingDays(calendar);
  const numbers = new Map<string, number>();
  return plan(reference, days).map((entry, n) => {
    const date = localDate(calendar.zone, entry.acceptedAt);
    const number = (numbers.get(date) ?? 0) + 1;
    numbers.set(date, number);
    const code = codeOf({ unit: unit.code, date, digits: unit.sequenceDigits }, number);
    return { code, events: new Life(code, n, unit, calendar, reference).live(entry) };
  });
}

interface Entry {
  readonly acceptedAt: string;
  readonly online: boolean;
  readonly procedure: ProcedureVersion;
  readonly limit: Limit;
  readonly pending: boolean;
}

/** Hours at which dossiers come in, so that neither breaks nor closing times are hit. */
const HOURS = ['07:35', '08:10', '08:55', '09:40', '10:25', '13:40', '14:15', '15:05', '16:20'];

function plan(reference: ReferenceData, days: readonly string[]): Entry[] {
  const procedures = reference.all().procedures.flatMap((procedure) => {
    const limit = procedure.limits.find((entry) => entry.case === 'default')?.limit;
    return limit ? [{ procedure, limit }] : [];
  });
  const lasting = (least: number, most: number) =>
    procedures.filter(
      ({ limit }) => limit.unit === 'working_day' && limit.value >= least && limit.value <= most,
    );
  const [short, long] = [lasting(3, 10), lasting(15, 20)];
  const before = days.filter((day) => day >= '2023-12-18' && day < '2023-12-30');
  const early = days.filter((day) => day >= '2024-01-02' && day <= '2024-06-07');
  const late = days.filter((day) => day >= '2024-06-17' && day <= '2024-06-27');
  const entry = (
    n: number,
    day: string,
    online: boolean,
    from: typeof procedures,
    pending = false,
  ): Entry => ({
    acceptedAt: `${day}T${HOURS[n % HOURS.length]}:00+07:00`,
    online,
    ...pick(from, n % from.length),
    pending,
  });
  const spread = (list: readonly string[], n: number, of: number): string =>
    pick(list, Math.floor((n * list.length) / of));
  return [
    ...Array.from({ length: CARRIED_OVER }, (_, n) =>
      entry(n, spread(before, n, CARRIED_OVER), n % 4 !== 0, long),
    ),
    ...Array.from({ length: RECEIVED }, (_, n) => {
      const online = n % IN_PERSON_EVERY !== 5;
      const settled = RECEIVED - PENDING;
      return n < settled
        ? entry(n, spread(early, n, settled), online, short)
        : entry(n, spread(late, n - settled, PENDING), online, long, true);
    }),
  ];
}

function pick<T>(list: readonly T[], n: number): T {
  const found = list[n];
  if (found === undefined)
    throw new RangeError('the demonstration needs procedures with limits in working days');
  return found;
}

/** One dossier's steps, each decided on what the ones before made of it. */
class Life {
  private readonly events: Unsealed<NewEvent>[] = [];
  private state: DossierState | undefined;

  constructor(
    private readonly code: string,
    private readonly n: number,
    private readonly unit: UnitVersion,
    private readonly calendar: CalendarDefinition,
    private readonly reference: ReferenceData,
  ) {}

  live({ acceptedAt, online, procedure, limit, pending }: Entry): Unsealed<NewEvent>[] {
    const { n } = this;
    const name = `Doanh nghiệp trình diễn ${String(n + 1).padStart(3, '0')} (dữ liệu tổng hợp)`;
    const opening = {
      ...{ unit: this.unit.code, procedure: procedure.code, case: 'default', applicant: { name } },
      channel: online ? ('online' as const) : ('in_person' as const),
      official: `demo-official-${(n % 4) + 1}`,
    };
    const start = utc(acceptedAt);
    this.take(start, (situation) => acceptNew(opening, this.code, situation));
    this.step(this.after(start, 1), handOver({ toUnit: this.unit.code, toOfficial: opening.official }));
    const supplemented = n % 9 === 4;
    if (supplemented) this.supplement(start);
    if (pending) return this.events;
    // Some are resolved at their due instant, the others one to three working days before.
    const early = { ...limit, value: Math.max(1, limit.value - (supplemented ? 0 : n % 4)) };
    const resolvedAt = dueInstant(compiled(this.calendar), start, early, this.state?.pauses);
    this.step(resolvedAt, resolve({ outcome: n % 23 === 7 ? 'refused' : 'granted' }));
    this.step(this.after(resolvedAt, 1), returnResult({ method: opening.channel }));
    return this.events;
  }

  private supplement(start: string): void {
    const papers = [{ name: 'Báo cáo năng lực tài chính', originals: 1, copies: 0 }];
    this.step(
      this.after(start, 8),
      requestSupplement({ papers, reason: 'Thiếu giấy tờ theo thành phần hồ sơ' }),
    );
    this.step(this.after(start, 24), receiveSupplement({ papers }));
  }

  /** So many working hours later. */
  private after(instant: string, hours: number): string {
    return dueInstant(compiledAtOnce(this.calendar), instant, {
      value: hours,
      unit: 'working_hour',
    });
  }

  private step(at: string, decide: Decide): void {
    this.take(at, (situation) => (this.state ? decide(this.state, situation) : []));
  }

  private take(at: string, decide: (situation: Situation) => DossierFact[]): void {
    const commandId = commandIdOf(SYNTHETIC, `${this.code}/${this.events.length}`);
    const command = { context: { commandId, actor: 'demo', correlationId: SYNTHETIC } };
    const facts = decide({ now: at, reference: this.reference, actor: 'demo' });
    const applicant = subjectOfStream(streamName(DOSSIER_CATEGORY, this.code));
    const apart = unsealed(facts, command, applicant);
    const events = toEvents(
      apart.map(({ event }) => event),
      { ...command, hash: '' },
    );
    for (const [k, event] of events.entries()) {
      const { commandHash: _, commandId: __, ...metadata } = event.metadata;
      const marked = {
        ...event,
        metadata: { ...metadata, source: { file: SYNTHETIC, row: this.n + 1 } },
      } as NewEvent;
      this.state = evolve(this.state, { ...marked, revision: BigInt(this.events.length) } as DossierEvent);
      this.events.push({ event: marked, parts: apart[k]?.parts ?? [] });
    }
  }
}

function utc(instant: string): string {
  return new Date(instant).toISOString();
}

/** Dates from December 2023 to June 2024 on which the desk is open. */
function workingDays(calendar: CalendarDefinition): string[] {
  const open = compiledAtOnce(calendar);
  const dates: string[] = [];
  for (let at = Date.UTC(2023, 11, 1); at < Date.UTC(2024, 6, 1); at += 86_400_000) {
    const date = new Date(at).toISOString().slice(0, 10);
    const opening = dueInstant(open, `${date}T00:00:00+07:00`, { value: 0, unit: 'working_second' });
    if (localDate(calendar.zone, opening) === date) dates.push(date);
  }
  return dates;
}
