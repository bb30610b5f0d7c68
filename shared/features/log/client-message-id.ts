/** https://www.crockford.com/base32.html */
const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Milliseconds since the epoch: the first 10 characters of a ULID, or the first 48 bits of a UUIDv7 (RFC 9562 5.7). */
export function claimedTime(clientMessageId: string): number {
  if (clientMessageId.length === 36) return parseInt(clientMessageId.replace('-', '').slice(0, 12), 16);
  return [...clientMessageId.slice(0, 10)].reduce((time, character) => time * 32 + crockford.indexOf(character), 0);
}
