import { guestRoutes } from '../shared/contract/guests/routes.ts';
import { answer } from '../shared/core/refusal.ts';
import { createTransferCode } from '../shared/features/guests/create-transfer-code.ts';
import { getGuestProfile } from '../shared/features/guests/get-guest-profile.ts';
import { registerGuest } from '../shared/features/guests/register-guest.ts';
import { updateGuestProfile } from '../shared/features/guests/update-guest-profile.ts';
import { serve } from '../shared/transport/http.ts';

export const handler = serve(guestRoutes, {
  getGuestProfile,
  updateGuestProfile,
  createTransferCode,
  registerGuest: async (...call) =>
    answer(await registerGuest(...call), (body) => ('user' in body ? { status: 201, body } : { status: 202, body })),
});
