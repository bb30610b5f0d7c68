import type * as z from 'zod/mini';
import { deviceAlreadyGuest, proofOfWorkRequired } from '../contract/guests/problems.ts';
import { signInAsGuest } from '../contract/guests/sign-in-as-guest.ts';
import { clockSkew } from '../contract/problems.ts';
import {
  type GuestCredential,
  type GuestKeyStore,
  memoryGuestKeys,
  newGuestCredential,
  proofOf,
} from './guest-keys.ts';
import { browserGuestKeys } from './guest-keys-in-browser.ts';
import { solveWork } from './guest-work.ts';
import type { HttpClient } from './http.ts';
import type { ServerClock } from './server-clock.ts';
import type { GuestAnswer, GuestSignIn } from './session.ts';

type Body = z.input<typeof signInAsGuest.body>;

export interface GuestOptions extends Pick<Body, 'tenant' | 'profile' | 'transferCode' | 'endOtherSessions'> {
  /**
   * Keeps the key by which this device is the same guest again. Default: IndexedDB where it exists, else memory. Use
   * `fileGuestKeys` in Node.
   */
  readonly keyStore?: GuestKeyStore;
  /** The public address of the service, if it differs from `url`. */
  readonly audience?: string;
}

/** A challenge is valid for the address that got it, which may change meanwhile. */
const mostChallenges = 3;

/**
 * Signs this device in as a guest. Adopts the server's time if the device's clock is wrong, solves proofs of work, and
 * makes a new key if the device moves to another guest.
 */
export function guestSignIn(options: GuestOptions): GuestSignIn {
  return { signIn: (http, clock) => requestGuestSession(http, clock, options) };
}

async function requestGuestSession(
  http: HttpClient,
  clock: ServerClock,
  { keyStore, audience = http.url, ...request }: GuestOptions,
): Promise<GuestAnswer> {
  const store = keyStore ?? defaultStore(request.tenant);
  let credential = (await store.load()) ?? (await store.keep(await newGuestCredential(store.keys)));
  let replacement: GuestCredential | undefined;
  let hasAdopted = false;
  let work: Body['work'];
  for (let challenges = 0; ;) {
    const proof = await proofOf(credential, { audience, tenant: request.tenant, at: clock.now() });
    const answer = await http.call(signInAsGuest, {
      body: { ...request, ...proof, ...(work === undefined ? {} : { work }) },
    });
    if (answer.ok) {
      if (replacement !== undefined) await store.replace(replacement);
      return answer;
    }
    const { code, serverTime, work: challenge } = answer.problem;
    if (code === clockSkew.code && serverTime !== undefined && !hasAdopted) {
      hasAdopted = true;
      clock.adopt(Date.parse(serverTime));
    } else if (code === proofOfWorkRequired.code && challenge !== undefined && challenges < mostChallenges) {
      challenges += 1;
      work = { challenge: challenge.challenge, nonce: await solveWork(challenge) };
    } else if (code === deviceAlreadyGuest.code && replacement === undefined) {
      credential = replacement = await newGuestCredential(store.keys);
    } else return answer;
  }
}

function defaultStore(tenant: string): GuestKeyStore {
  return typeof indexedDB === 'undefined' ? memoryGuestKeys() : browserGuestKeys(`guest-${tenant}`);
}
