import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Caller } from '#libs/access/demand.js';
import { CLOCK, type Clock, isoNow } from '#libs/event-log/clock.js';
import { EVENT_LOG, type EventLog } from '#libs/event-log/event-log.js';
import { fold, readDossier } from '../commands/read-dossier.js';
import { demandReading } from '../permission.js';
import { type DossierView, dossierView, knownAt } from './dossier-view.js';

/** A dossier's page; with `at`, what was known of it then. */
export class GetDossier extends Query<DossierView> {
  constructor(
    readonly code: string,
    readonly caller: Caller,
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
  ) {}

  async execute({ code, caller, at }: GetDossier): Promise<DossierView> {
    const events = await readDossier(this.log, code);
    demandReading(caller, fold(code, events), isoNow(this.clock));
    return dossierView(code, knownAt(events, at));
  }
}
