import { createHash } from 'node:crypto';
import type { NewNotification } from './notification-item.ts';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const timeLetters = 10;
const causeLetters = 16;

/**
 * A ULID with the time of the cause and a hash of the cause instead of randomness, so that the same cause always gets
 * the same id.
 */
export function notificationIdOf({ userId, kind, conversationId, seq, cause, at }: NewNotification): string {
  const hash = createHash('sha256').update(JSON.stringify([userId, kind, conversationId, seq ?? null, cause ?? null]));
  const letters = [...hash.digest().subarray(0, causeLetters)].map((byte) => alphabet.charAt(byte % alphabet.length));
  return timePart(at) + letters.join('');
}

/** Milliseconds since the epoch. */
export function createdAtOf(notificationId: string): number {
  return [...notificationId.slice(0, timeLetters)].reduce(
    (time, letter) => time * alphabet.length + alphabet.indexOf(letter),
    0,
  );
}

function timePart(at: number): string {
  let time = '';
  for (let rest = at; time.length < timeLetters; rest = Math.floor(rest / alphabet.length)) {
    time = alphabet.charAt(rest % alphabet.length) + time;
  }
  return time;
}
