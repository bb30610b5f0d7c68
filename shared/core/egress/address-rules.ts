/** An address and the length of its prefix in bits. */
type Block = readonly [address: string, bits: number];

/**
 * Everything that is not global unicast.
 * https://www.iana.org/assignments/iana-ipv4-special-registry/iana-ipv4-special-registry.xhtml
 */
const blockedIpv4: readonly Block[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // Includes the metadata and credential addresses of AWS.
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

/** Addresses outside of it, such as NAT64's 64:ff9b::/96 and 64:ff9b:1::/48, fc00::/7 and fe80::/10, are never public. */
const globalUnicastIpv6: Block = ['2000::', 3];

/** https://www.iana.org/assignments/iana-ipv6-special-registry/iana-ipv6-special-registry.xhtml */
const blockedIpv6: readonly Block[] = [
  // Protocol assignments, such as Teredo (2001::/32) and ORCHID.
  ['2001::', 23],
  ['2001:db8::', 32],
  // 6to4 contains an IPv4 address.
  ['2002::', 16],
  ['3fff::', 20],
];

const mappedIpv4: Block = ['::ffff:0:0', 96];

const ipv4Bytes = 4;
const ipv6Bytes = 16;

/** @returns 4 or 16 bytes; undefined for text that is not exactly one address in its usual form. */
export function parseAddress(text: string): readonly number[] | undefined {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

/** Judges an IPv4 address in IPv6 notation (::ffff:…) as the IPv4 address. */
export function isPublicAddress(text: string): boolean {
  const bytes = parseAddress(text);
  if (bytes === undefined) return false;
  if (bytes.length === ipv4Bytes) return isPublicIpv4(bytes);
  if (isWithin(bytes, mappedIpv4)) return isPublicIpv4(bytes.slice(ipv6Bytes - ipv4Bytes));
  return isWithin(bytes, globalUnicastIpv6) && !blockedIpv6.some((block) => isWithin(bytes, block));
}

export function isSameAddress(one: string, other: string): boolean {
  const [first, second] = [one, other].map((text) => unmapped(parseAddress(text)));
  return first !== undefined && second !== undefined && first.join('.') === second.join('.');
}

function unmapped(bytes: readonly number[] | undefined): readonly number[] | undefined {
  const isMapped = bytes?.length === ipv6Bytes && isWithin(bytes, mappedIpv4);
  return isMapped ? bytes.slice(ipv6Bytes - ipv4Bytes) : bytes;
}

function isPublicIpv4(bytes: readonly number[]): boolean {
  return !blockedIpv4.some((block) => isWithin(bytes, block));
}

function isWithin(bytes: readonly number[], [start, bits]: Block): boolean {
  const prefix = parseAddress(start) ?? [];
  if (prefix.length !== bytes.length) return false;
  return prefix.every((byte, index) => {
    const ofByte = Math.min(8, Math.max(0, bits - 8 * index));
    const mask = (0xff << (8 - ofByte)) & 0xff;
    return (byte & mask) === ((bytes[index] ?? 0) & mask);
  });
}

function parseIpv4(text: string): readonly number[] | undefined {
  const parts = text.split('.');
  if (parts.length !== ipv4Bytes || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part))) return undefined;
  const bytes = parts.map(Number);
  return bytes.every((byte) => byte <= 0xff) ? bytes : undefined;
}

/** Without a zone, which only local addresses have. */
function parseIpv6(text: string): readonly number[] | undefined {
  const halves = text.split('::');
  // An IPv4 address is only possible at the end.
  if (halves.length > 2 || (halves.length === 2 && halves[0]?.includes('.') === true)) return undefined;
  const [head, tail] = halves.map((half) => (half === '' ? [] : groupBytes(half.split(':'))));
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined;
  if (tail === undefined) return head.length === ipv6Bytes ? head : undefined;
  const missing = ipv6Bytes - head.length - tail.length;
  return missing < 2 ? undefined : [...head, ...Array<number>(missing).fill(0), ...tail];
}

/** The last group may be an IPv4 address. */
function groupBytes(groups: readonly string[]): number[] | undefined {
  const bytes: number[] = [];
  for (const [index, group] of groups.entries()) {
    if (index === groups.length - 1 && group.includes('.')) {
      const ipv4 = parseIpv4(group);
      if (ipv4 === undefined) return undefined;
      bytes.push(...ipv4);
    } else {
      if (!/^[0-9a-f]{1,4}$/i.test(group)) return undefined;
      const value = parseInt(group, 16);
      bytes.push(value >> 8, value & 0xff);
    }
  }
  return bytes;
}
