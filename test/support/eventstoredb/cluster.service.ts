import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import gossipPb from '@eventstore/db-client/generated/gossip_pb.js';
import type { ClusterInfo, MemberInfo } from '@eventstore/db-client/generated/gossip_pb.js';
import featuresPb from '@eventstore/db-client/generated/serverfeatures_pb.js';
import type { SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb.js';
import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import type { Empty } from '@eventstore/db-client/generated/shared_pb.js';
import type { Member, ServerContext } from './context.js';
import { rpcErrors } from './errors.js';
import type { Operation } from './faults.js';

type Unary<Response> = (call: ServerUnaryCall<Empty, Response>, callback: sendUnaryData<Response>) => void;

const STREAMS = 'event_store.client.streams.streams';
const METHODS: readonly (readonly [string, readonly string[]])[] = [
  ['append', []],
  ['batchappend', ['deadline_duration']],
  ['delete', []],
  ['read', ['position', 'events']],
  ['tombstone', []],
];

/** ServerFeatures.GetSupportedMethods: without batchappend in it the client takes plain Append. */
export function supportedMethodsService(
  context: ServerContext,
  withoutBatchAppend: boolean,
): Unary<SupportedMethods> {
  return unary(context, 'features', () => {
    const known = METHODS.filter(([name]) => !withoutBatchAppend || name !== 'batchappend');
    const methods = known.map(([name, features]) =>
      new featuresPb.SupportedMethod()
        .setServiceName(STREAMS)
        .setMethodName(name)
        .setFeaturesList([...features]),
    );
    return new featuresPb.SupportedMethods()
      .setEventStoreServerVersion(context.version)
      .setMethodsList(methods);
  });
}

/** Gossip.Read: who is in the cluster, as clients ask it that were given several hosts. */
export function gossipService(context: ServerContext): Unary<ClusterInfo> {
  return unary(context, 'gossip', () =>
    new gossipPb.ClusterInfo().setMembersList(
      context.members().map((member, n) => memberInfo(member, n, context)),
    ),
  );
}

function memberInfo(member: Member, n: number, { clock }: ServerContext): MemberInfo {
  const { LEADER, FOLLOWER } = gossipPb.MemberInfo.VNodeState;
  return new gossipPb.MemberInfo()
    .setInstanceId(new sharedPb.UUID().setString(`00000000-0000-4000-8000-00000000000${n}`))
    .setTimeStamp(String(clock.now() * 10_000))
    .setState(member.leader ? LEADER : FOLLOWER)
    .setIsAlive(member.alive)
    .setHttpEndPoint(new gossipPb.EndPoint().setAddress(member.host).setPort(member.port));
}

function unary<Response>(
  context: ServerContext,
  operation: Operation,
  respond: () => Response,
): Unary<Response> {
  return (call, callback) => {
    const fault = context.faults.take(operation);
    if (fault?.kind === 'silent') return;
    if (fault?.kind === 'drop') context.cut(call.getPeer());
    else if (fault?.kind === 'status')
      callback(rpcErrors.status(fault.code, fault.details ?? 'fault on demand'));
    else if (fault?.kind === 'slow') context.later(fault.ms, () => callback(null, respond()));
    else callback(null, respond());
  };
}
