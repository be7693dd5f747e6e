import type { Fault, Operation } from './faults.js';
import type { EventStoreStandIn } from './stand-in.js';

/** A line for the program: JSON with one or more of these. */
export interface ControlLine {
  /** Sets a fault for one operation or several; `times` for so many calls. */
  readonly on?: Operation | readonly Operation[];
  readonly fault?: Fault;
  readonly times?: number;
  /** Takes faults away: all, or those of an operation. */
  readonly clear?: true | Operation;
  readonly clockOffsetMs?: number;
  /** Appends so many events of the system. */
  readonly systemEvents?: number;
  readonly dropConnections?: true;
  /** Stops listening for so long, and starts again. */
  readonly awayMs?: number;
}

/** Does what a line says. @returns `ok`, or what is wrong with it */
export async function control(server: EventStoreStandIn, line: string): Promise<string> {
  try {
    const wanted = JSON.parse(line) as ControlLine;
    if (wanted.clear) server.faults.clear(wanted.clear === true ? undefined : wanted.clear);
    if (wanted.on && wanted.fault) server.faults.set(wanted.on, wanted.fault, wanted.times);
    if (wanted.clockOffsetMs !== undefined) server.clockOffsetMs = wanted.clockOffsetMs;
    if (wanted.systemEvents !== undefined) await server.appendSystemEvents(wanted.systemEvents);
    if (wanted.dropConnections) server.dropConnections();
    if (wanted.awayMs !== undefined) {
      await server.kill();
      await new Promise((resolve) => setTimeout(resolve, wanted.awayMs));
      await server.restart();
    }
    return 'ok';
  } catch (error) {
    return `error ${String(error)}`;
  }
}
