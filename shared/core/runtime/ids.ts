import { createHash, randomBytes } from 'node:crypto';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const timeLetters = 10;
const randomLetters = 16;

/** A ULID: 26 characters, sortable by time. https://github.com/ulid/spec */
export function newId(): string {
  return idFrom(Date.now(), randomBytes(randomLetters));
}

/** The same ULID for the same time, in milliseconds since the epoch, and seed. */
export function derivedId(at: number, seed: string): string {
  return idFrom(at, createHash('sha256').update(seed).digest().subarray(0, randomLetters));
}

/** Sorts before all other ULIDs of the time, in milliseconds since the epoch. */
export function firstIdAt(at: number): string {
  return idFrom(Math.max(0, at), new Uint8Array(randomLetters));
}

/** Sorts after all other ULIDs of the time. */
export function lastIdAt(at: number): string {
  return idFrom(Math.max(0, at), new Uint8Array(randomLetters).fill(alphabet.length - 1));
}

function idFrom(at: number, bytes: Uint8Array): string {
  let time = '';
  for (let rest = at; time.length < timeLetters; rest = Math.floor(rest / alphabet.length)) {
    time = alphabet.charAt(rest % alphabet.length) + time;
  }
  return [...bytes].reduce((id, byte) => id + alphabet.charAt(byte % alphabet.length), time);
}
