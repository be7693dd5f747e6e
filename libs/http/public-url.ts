/** Where browsers find the service (scheme, host and port); null where that is not set. */
export const PUBLIC_URL = Symbol('PublicUrl');
