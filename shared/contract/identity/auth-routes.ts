import { changePassword } from './change-password.ts';
import { createTicket } from './create-ticket.ts';
import { forgotPassword } from './forgot-password.ts';
import { login } from './login.ts';
import { logout } from './logout.ts';
import { refresh } from './refresh.ts';
import { register } from './register.ts';
import { resendVerification } from './resend-verification.ts';
import { resetPassword } from './reset-password.ts';
import { verifyEmail } from './verify-email.ts';
import { verifyToken } from './verify-token.ts';

export const authRoutes = [
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
] as const;
