/**
 * Loaded before a program (`node --require`): its clock is off by the milliseconds that the file MOTCUA_TEST_CLOCK
 * holds, read again at each SIGUSR2. Timers go on as they are, as they do when a machine's clock is set.
 */
const { readFileSync } = require('node:fs');

const RealDate = Date;
let offset = 0;

function readOffset() {
  offset = Number(readFileSync(process.env.MOTCUA_TEST_CLOCK, 'utf8'));
}

class ShiftedDate extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + offset);
    else super(...args);
  }

  static now() {
    return RealDate.now() + offset;
  }
}

globalThis.Date = ShiftedDate;
process.on('SIGUSR2', readOffset);
readOffset();
