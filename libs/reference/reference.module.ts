import { Module } from '@nestjs/common';
import { CalendarController } from './calendar.controller.js';
import { PolicyController } from './policy.controller.js';
import { ReminderPolicyController } from './reminder-policy.controller.js';
import { UnitController } from './unit.controller.js';

/** Calendars, policies, reminder policies and units over HTTP. Takes the ReferenceStore from the app. */
@Module({ controllers: [CalendarController, PolicyController, ReminderPolicyController, UnitController] })
export class ReferenceModule {}
