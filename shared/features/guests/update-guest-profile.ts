import { guestEnded } from '../../contract/guests/problems.ts';
import type { updateGuestProfile as updateGuestProfileRoute } from '../../contract/guests/update-guest-profile.ts';
import { refuse } from '../../core/refusal.ts';
import type { UseCase } from '../../core/use-case.ts';
import { updateGuest } from './guest-store.ts';

/** Changes the given fields of the caller's profile. */
export const updateGuestProfile: UseCase<typeof updateGuestProfileRoute> = async (principal, change) =>
  (await updateGuest(principal.scope, principal.userId, change)) ?? refuse(guestEnded);
