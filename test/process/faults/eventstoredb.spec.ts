import { describeWithRedis } from '../../support/redis.js';
import { describeFaults } from '../../support/faults/describe-faults.js';

describeWithRedis('an installation with every engine', () => {
  describeFaults('two api and two workers on EventStoreDB, Redis and PostgreSQL', {
    log: 'eventstoredb',
    redis: true,
    inGate: ['kill', 'empty', 'clock'],
  });
});
