import { Metadata, type ServiceError, status } from '@grpc/grpc-js';

/** Errors of the server as gRPC carries them: a status, and trailers that name the exception. */
function rpcError(code: status, details: string, trailers: Record<string, string> = {}): ServiceError {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(trailers)) metadata.set(key, value);
  return Object.assign(new Error(details), { code, details, metadata });
}

export const rpcErrors = {
  status: (code: status, details: string) => rpcError(code, details),
  notLeader: (host: string, port: number) =>
    rpcError(status.NOT_FOUND, 'Leader info available', {
      exception: 'not-leader',
      'leader-endpoint-host': host,
      'leader-endpoint-port': String(port),
    }),
  accessDenied: () => rpcError(status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' }),
  unauthenticated: () => rpcError(status.UNAUTHENTICATED, 'Bad gRPC response. HTTP status code: 401'),
  appendTooLarge: (limit: number) =>
    rpcError(status.INVALID_ARGUMENT, `Maximum Append Size of ${limit} Exceeded.`, {
      exception: 'maximum-append-size-exceeded',
      'maximum-append-size': String(limit),
    }),
  missingMetadata: (property: string) =>
    rpcError(status.INVALID_ARGUMENT, `Required Metadata Property '${property}' is missing`, {
      exception: 'missing-required-metadata-property',
      'required-metadata-properties': 'type,content-type',
    }),
  timeout: () => rpcError(status.ABORTED, 'Operation timed out'),
  invalidPosition: () => rpcError(status.INVALID_ARGUMENT, 'Trying to read from an invalid position.'),
  invalidCombination: () => rpcError(status.INVALID_ARGUMENT, 'The combination is invalid.'),
  notModelled: (what: string) => rpcError(status.UNIMPLEMENTED, `The stand-in does not do this: ${what}`),
};
