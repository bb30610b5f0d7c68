import { randomBytes } from 'node:crypto';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const timeLetters = 10;
const randomLetters = 16;

/** A ULID: 26 characters, sortable by time. https://github.com/ulid/spec */
export function newId(): string {
  let time = '';
  for (let rest = Date.now(); time.length < timeLetters; rest = Math.floor(rest / alphabet.length)) {
    time = alphabet.charAt(rest % alphabet.length) + time;
  }
  return [...randomBytes(randomLetters)].reduce((id, byte) => id + alphabet.charAt(byte % alphabet.length), time);
}
