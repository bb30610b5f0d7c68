import { authRoutes } from '../shared/contract/auth/routes.ts';
import { serve } from '../shared/handler/http.ts';
import { changePassword } from '../shared/identity/change-password.ts';
import { createTicket } from '../shared/identity/create-ticket.ts';
import { forgotPassword } from '../shared/identity/forgot-password.ts';
import { login } from '../shared/identity/login.ts';
import { logout } from '../shared/identity/logout.ts';
import { refresh } from '../shared/identity/refresh.ts';
import { register } from '../shared/identity/register.ts';
import { resendVerification } from '../shared/identity/resend-verification.ts';
import { resetPassword } from '../shared/identity/reset-password.ts';
import { verifyEmail } from '../shared/identity/verify-email.ts';
import { verifyToken } from '../shared/identity/verify-token.ts';

export const handler = serve(authRoutes, {
  register,
  login,
  refresh,
  logout,
  verifyToken,
  verifyEmail,
  resendVerification,
  forgotPassword,
  resetPassword,
  changePassword,
  createTicket,
});
