/** 32 letters and digits without 0, O, 1 and I, which are confused when read aloud. */
const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
export const transferCodeLength = 10;

/** Spells random bytes as a code of 50 bits, in two groups. @param bytes at least 10. */
export function spellTransferCode(bytes: Uint8Array): string {
  const letters = Array.from(bytes.subarray(0, transferCodeLength), (byte) => alphabet.charAt(byte % alphabet.length));
  const half = transferCodeLength / 2;
  return `${letters.slice(0, half).join('')}-${letters.slice(half).join('')}`;
}

/** The letters of a code as a person may type it; undefined if it cannot be one. */
export function readTransferCode(typed: string): string | undefined {
  const letters = typed.replace(/[\s-]+/g, '').toUpperCase();
  const isCode = letters.length === transferCodeLength && [...letters].every((letter) => alphabet.includes(letter));
  return isCode ? letters : undefined;
}
