import { authRoutes } from '../shared/contract/identity/auth-routes.ts';
import { signInAsGuest as signInAsGuestRoute } from '../shared/contract/guests/sign-in-as-guest.ts';
import { answer } from '../shared/core/refusal.ts';
import { serve } from '../shared/transport/http.ts';
import { readGuest } from '../shared/features/guests/guest-store.ts';
import { signInAsGuest } from '../shared/features/guests/sign-in-as-guest.ts';
import { changePassword } from '../shared/features/identity/change-password.ts';
import { createTicket } from '../shared/features/identity/create-ticket.ts';
import { forgotPassword } from '../shared/features/identity/forgot-password.ts';
import { login } from '../shared/features/identity/login.ts';
import { logout } from '../shared/features/identity/logout.ts';
import { refreshWith } from '../shared/features/identity/refresh.ts';
import { register } from '../shared/features/identity/register.ts';
import { resendVerification } from '../shared/features/identity/resend-verification.ts';
import { resetPassword } from '../shared/features/identity/reset-password.ts';
import { verifyEmail } from '../shared/features/identity/verify-email.ts';
import { verifyToken } from '../shared/features/identity/verify-token.ts';

export const handler = serve([...authRoutes, signInAsGuestRoute], {
  register: async (...call) =>
    answer(await register(...call), (body) => ('user' in body ? { status: 201, body } : { status: 202, body })),
  login,
  refresh: refreshWith(readGuest),
  logout,
  verifyToken,
  verifyEmail,
  resendVerification,
  forgotPassword,
  resetPassword,
  changePassword,
  createTicket,
  signInAsGuest,
});
