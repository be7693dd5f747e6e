import { Temporal } from 'temporal-polyfill';

/** What is known of a dossier that holds data of a person. Instants are ISO 8601 in UTC. */
export interface Holding {
  readonly code: string;
  /** Where it is, for the policy: the desk that took it in, and the unit that has it. */
  readonly place: readonly string[];
  /** Null while it is open. */
  readonly endedAt: string | null;
  /** A legal hold keeps everything in it. */
  readonly held: boolean;
  /** Whether an event of it, written before there were keys, holds personal data in clear. */
  readonly inClear: boolean;
  /** Of its procedure; undefined: no period was laid down. */
  readonly retentionMonths: number | undefined;
  readonly zone: string;
}

/** Why a dossier's data must stay. */
export type Bar =
  | { readonly code: string; readonly why: 'open' | 'held' | 'clear' }
  | { readonly code: string; readonly why: 'kept'; readonly until: string };

/** Until when the data of an ended dossier must be kept: months in the desk's calendar; the end itself without a period. */
export function keptUntil({ endedAt, retentionMonths = 0, zone }: Holding & { endedAt: string }): string {
  return Temporal.Instant.from(endedAt)
    .toZonedDateTimeISO(zone)
    .add({ months: retentionMonths })
    .toInstant()
    .toString({ fractionalSecondDigits: 3 });
}

/** What stands against forgetting a person now, whoever asks: archives law goes before the request. */
export function barsOf(holdings: readonly Holding[], now: string): Bar[] {
  return holdings.flatMap((holding): Bar[] => {
    const { code, endedAt, held, inClear } = holding;
    if (inClear) return [{ code, why: 'clear' }];
    if (endedAt === null) return [{ code, why: 'open' }];
    if (held) return [{ code, why: 'held' }];
    const until = keptUntil({ ...holding, endedAt });
    return until > now ? [{ code, why: 'kept', until }] : [];
  });
}

/**
 * Since when a person is due for erasure by law: every dossier has ended, none is held, and the last period is over.
 * @returns undefined where something stands against it, or where a dossier's procedure lays down no period
 */
export function dueSince(holdings: readonly Holding[], now: string): string | undefined {
  if (holdings.length === 0 || barsOf(holdings, now).length > 0) return undefined;
  if (holdings.some(({ retentionMonths }) => retentionMonths === undefined)) return undefined;
  return holdings
    .map((holding) => keptUntil({ ...holding, endedAt: holding.endedAt ?? now }))
    .reduce((latest, until) => (until > latest ? until : latest));
}
