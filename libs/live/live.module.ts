import { Module } from '@nestjs/common';
import { UpdatesController } from './updates.controller.js';

/** Live updates for browsers. */
@Module({ controllers: [UpdatesController] })
export class LiveModule {}
