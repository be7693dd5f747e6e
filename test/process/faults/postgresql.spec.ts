import { describeFaults } from '../../support/faults/describe-faults.js';

describeFaults('two api and two workers on PostgreSQL', {
  log: 'postgresql',
  redis: false,
  inGate: ['cut', 'stall'],
});
