import { EventStoreStandIn, openLog, type StandInOptions } from './stand-in.js';

/** Servers that say they are one cluster, over one log in memory: replication is not modelled, leadership is. */
export interface ClusterStandIn {
  readonly members: readonly EventStoreStandIn[];
  /** Address with all hosts. */
  readonly url: string;
  /** Makes another member the leader, as its gossip tells from now on. */
  lead(member: number): void;
  stop(): Promise<void>;
}

/** The first member leads at the beginning. */
export async function startEventStoreCluster(
  size = 3,
  options: Omit<StandInOptions, 'port' | 'journal'> = {},
): Promise<ClusterStandIn> {
  const log = await openLog(options);
  let leading = 0;
  const members: EventStoreStandIn[] = Array.from(
    { length: size },
    () =>
      new EventStoreStandIn(options, {
        log,
        members: () =>
          members.map((member, n) => ({
            ...member.address,
            leader: n === leading && member.running,
            alive: member.running,
          })),
      }),
  );
  for (const member of members) await member.start();
  return {
    members,
    url: `esdb://${members.map(({ address }) => `${address.host}:${address.port}`).join(',')}?tls=${options.tls !== undefined}`,
    lead: (member) => (leading = member),
    stop: async () => {
      for (const member of members) await member.stop();
      await log.close();
    },
  };
}
