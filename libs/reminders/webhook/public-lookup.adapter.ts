import { lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { isPublic } from './public-address.js';

const refusal = (address: string): Error => new Error(`its address ${address} is not public`);

/** @throws Error where the host of a URL is an address, in whatever notation, and no public one */
export function refuseLiteral(url: string): void {
  // The URL has brought decimal, octal and short notations into one form.
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isPublic(host)) throw refusal(host);
}

/** As `dns.lookup`, for the connection that is being made: it fails if one of the addresses of the name is not public. */
export const lookUpPublic: LookupFunction = (name, options, callback) => {
  lookup(name, { ...options, all: true }, (error, addresses) => {
    const refused = addresses?.find(({ address }) => !isPublic(address));
    const [first] = addresses ?? [];
    if (error) callback(error, []);
    else if (refused) callback(refusal(refused.address), []);
    else if (options.all || !first) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
};
