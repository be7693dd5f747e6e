import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { EVENT_LOG, type EventLog } from '#libs/event-log/event-log.js';
import { readDossier } from '../commands/read-dossier.js';
import { type DossierView, dossierView, knownAt } from './dossier-view.js';

/** A dossier's page; with `at`, what was known of it then. */
export class GetDossier extends Query<DossierView> {
  constructor(
    readonly code: string,
    readonly at: string | undefined,
  ) {
    super();
  }
}

@QueryHandler(GetDossier)
export class GetDossierHandler implements IQueryHandler<GetDossier> {
  constructor(@Inject(EVENT_LOG) private readonly log: EventLog) {}

  async execute({ code, at }: GetDossier): Promise<DossierView> {
    return dossierView(code, knownAt(await readDossier(this.log, code), at));
  }
}
