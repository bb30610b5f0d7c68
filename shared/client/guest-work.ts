import { workText } from '../contract/guests/work.ts';
import { throwIfAborted } from './deadline.ts';
import { sha256Of } from './sha256.ts';

export interface WorkToSolve {
  readonly challenge: string;
  readonly difficulty: number;
}

/** Milliseconds of computing between two pauses, so that a page stays responsive. */
const sliceMs = 12;
/** Attempts between two readings of the clock. */
const batch = 256;

/** Finds the nonce of a proof of work, in slices. The server asks for at most 22 bits, which takes a phone half a minute. */
export async function solveWork({ challenge, difficulty }: WorkToSolve, signal?: AbortSignal): Promise<string> {
  const hash = sha256Of(workText(challenge, ''));
  let sliceEnd = Date.now() + sliceMs;
  for (let number = 0; ; number += 1) {
    const nonce = number.toString(36);
    if (Math.clz32(hash(nonce)) >= difficulty) return nonce;
    if (number % batch !== 0 || Date.now() < sliceEnd) continue;
    throwIfAborted(signal);
    await new Promise((resolve) => setTimeout(resolve, 0));
    sliceEnd = Date.now() + sliceMs;
  }
}
