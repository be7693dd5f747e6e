import { Module } from '@nestjs/common';
import { ProcedureController } from './procedure.controller.js';

/** The catalogue of procedures over HTTP. Takes the ReferenceStore from the app. */
@Module({ controllers: [ProcedureController] })
export class ProcedureModule {}
