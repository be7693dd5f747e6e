import ipaddr from 'ipaddr.js';

/** All that is given out to the public net of IPv6 (IANA, RFC 4291 section 2.4); the library calls the rest unicast, too. */
const PUBLIC_V6 = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether an IPv4 or IPv6 address is one of the public net: not private, of this machine, link-local, shared, multicast,
 * reserved, or one in which another address is wrapped up.
 */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed instanceof ipaddr.IPv4 || parsed.match(PUBLIC_V6);
}
