import { Module } from '@nestjs/common';
import type { Pool } from 'pg';
import { CLOCK, type Clock } from '#libs/event-log/clock.js';
import { EVENT_LOG, type EventLog, LOG_ENGINE, type LogEngine } from '#libs/event-log/event-log.js';
import { AwaitPosition } from '#libs/live/await-position.query.js';
import { VAULT, type Vault } from '#libs/personal-data/vault.js';
import { POOL } from '#libs/read-db/pool.token.js';
import { REFERENCE_DATA, type ReferenceData } from '#libs/reference/reference.events.js';
import { ErasureController } from './erasure.controller.js';
import { Persons } from './persons.service.js';

/** Forgetting persons. */
@Module({
  controllers: [ErasureController],
  providers: [
    {
      provide: Persons,
      inject: [EVENT_LOG, LOG_ENGINE, POOL, VAULT, CLOCK, REFERENCE_DATA, AwaitPosition],
      useFactory: (
        log: EventLog,
        engine: LogEngine['engine'],
        pool: Pool,
        vault: Vault,
        clock: Clock,
        reference: ReferenceData,
        position: AwaitPosition,
      ) => new Persons({ log, engine, pool, vault, clock, reference, position }),
    },
  ],
})
export class ErasureModule {}
