import { Module } from '@nestjs/common';
import { CalendarController } from './calendar.controller.js';
import { PolicyController } from './policy.controller.js';
import { UnitController } from './unit.controller.js';

/** Calendars, policies and units over HTTP. Takes the ReferenceStore from the app. */
@Module({ controllers: [CalendarController, PolicyController, UnitController] })
export class ReferenceModule {}
