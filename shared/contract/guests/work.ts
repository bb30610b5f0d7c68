/**
 * The text whose SHA-256 must begin with the challenge's number of zero bits. Both sides of the proof of work use it.
 */
export function workText(challenge: string, nonce: string): string {
  return `${challenge}.${nonce}`;
}

/** The number of zero bits at the start of a hash. */
export function leadingZeroBits(hash: Uint8Array): number {
  const first = hash.findIndex((byte) => byte !== 0);
  return first < 0 ? hash.length * 8 : first * 8 + Math.clz32(hash[first] ?? 0) - 24;
}
