const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;
const MAPPED = /^::ffff:(?=\d+\.)/i;

/**
 * What counts as one place that requests come from: an IPv4 address, or the first 64 bits of an IPv6 address, since
 * whoever has one of these has all. Anything else is one place.
 */
export function sourceOf(address: string): string {
  const unmapped = address.replace(MAPPED, '');
  if (IPV4.test(unmapped)) return unmapped;
  const [before = '', after] = canonical(address.split('%')[0] ?? '')?.split('::') ?? ['none'];
  if (before === 'none') return 'unknown';
  const groups = (text = ''): string[] => text.split(':').filter(Boolean);
  const gap = Array.from({ length: 8 - groups(before).length - groups(after).length }, () => '0');
  const all = [...groups(before), ...(after === undefined ? [] : gap), ...groups(after)];
  return `${all.slice(0, 4).join(':')}::/64`;
}

/** An IPv6 address as RFC 5952 writes it. */
function canonical(address: string): string | undefined {
  const url = `http://[${address}]`;
  return URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : undefined;
}
