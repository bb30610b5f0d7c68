import type { getGuestProfile as getGuestProfileRoute } from '../../contract/guests/get-guest-profile.ts';
import { guestEnded } from '../../contract/guests/problems.ts';
import { refuse } from '../../core/refusal.ts';
import type { UseCase } from '../../core/use-case.ts';
import { readGuest } from './guest-store.ts';

/** Returns the caller's optional profile. */
export const getGuestProfile: UseCase<typeof getGuestProfileRoute> = async (principal) =>
  (await readGuest(principal, principal.userId)) ?? refuse(guestEnded);
