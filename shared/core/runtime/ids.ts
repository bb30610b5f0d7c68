import { randomBytes } from 'node:crypto';

/** Crockford's base 32: no I, L, O, U. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const timeLetters = 10;
const randomLetters = 16;

/**
 * A new ULID: 26 characters, sortable by time (48 bits of time, 80 random bits). The package ulid would add 0.7 KiB to
 * every function. https://github.com/ulid/spec
 */
export function newId(): string {
  let time = '';
  for (let rest = Date.now(); time.length < timeLetters; rest = Math.floor(rest / alphabet.length)) {
    time = alphabet.charAt(rest % alphabet.length) + time;
  }
  return [...randomBytes(randomLetters)].reduce((id, byte) => id + alphabet.charAt(byte % alphabet.length), time);
}
