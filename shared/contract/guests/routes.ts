import { createTransferCode } from './create-transfer-code.ts';
import { getGuestProfile } from './get-guest-profile.ts';
import { registerGuest } from './register-guest.ts';
import { updateGuestProfile } from './update-guest-profile.ts';

export const guestRoutes = [getGuestProfile, updateGuestProfile, createTransferCode, registerGuest] as const;
