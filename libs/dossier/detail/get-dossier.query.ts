import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Caller } from '#libs/access/demand.js';
import { CLOCK, type Clock, isoNow } from '#libs/event-log/clock.js';
import { EVENT_LOG, type EventLog } from '#libs/event-log/event-log.js';
import { openPersonal } from '#libs/personal-data/opening.js';
import { type Vault, VAULT } from '#libs/personal-data/vault.js';
import {
  personOf,
  READ_TRACE,
  readingBy,
  type ReadFrom,
  type ReadTrace,
} from '#libs/read-trace/read-trace.js';
import { fold, readDossier } from '../commands/read-dossier.js';
import { demandReading } from '../permission.js';
import { type DossierView, dossierView, knownAt } from './dossier-view.js';

/** A dossier's page; with `at`, what was known of it then. */
export class GetDossier extends Query<DossierView> {
  constructor(
    readonly code: string,
    readonly caller: Caller,
    readonly from: ReadFrom,
    readonly at: string | undefined,
  ) {
    super();
  }
}

@QueryHandler(GetDossier)
export class GetDossierHandler implements IQueryHandler<GetDossier> {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(READ_TRACE) private readonly trace: ReadTrace,
    @Inject(VAULT) private readonly vault: Vault,
  ) {}

  async execute({ code, caller, from, at }: GetDossier): Promise<DossierView> {
    const all = await readDossier(this.log, code);
    const grant = demandReading(caller, fold(code, all), isoNow(this.clock));
    const events = knownAt(all, at);
    const view = dossierView(code, events, await openPersonal(this.vault, events));
    const look = { ...from, how: 'page', dossiers: [code], subject: personOf(events) } as const;
    await this.trace.record(readingBy(caller, grant, look));
    return view;
  }
}
