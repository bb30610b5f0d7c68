/** 32 letters and digits without 0, O, 1 and I, which are confused when read aloud. */
const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
export const transferCodeLength = 10;
/** Works for longer, and is not typed: 100 bits. */
export const mailedCodeLength = 20;
const groupLength = 5;

/** Spells random bytes as a code in groups of five letters, of five bits each. */
export function spellTransferCode(bytes: Uint8Array): string {
  const letters = Array.from(bytes, (byte) => alphabet.charAt(byte % alphabet.length));
  const groups = Array.from({ length: Math.ceil(letters.length / groupLength) }, (_, index) =>
    letters.slice(index * groupLength, (index + 1) * groupLength).join(''),
  );
  return groups.join('-');
}

/** The letters of a code as a person may type it; undefined if it cannot be one. */
export function readTransferCode(typed: string): string | undefined {
  const letters = typed.replace(/[\s-]+/g, '').toUpperCase();
  const isLong = letters.length === transferCodeLength || letters.length === mailedCodeLength;
  const isCode = isLong && [...letters].every((letter) => alphabet.includes(letter));
  return isCode ? letters : undefined;
}
