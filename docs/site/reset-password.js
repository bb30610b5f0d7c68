import { postOnSubmit, say } from './mailed-link.js';

postOnSubmit({
  path: '/api/v1/auth/reset-password',
  progress: 'Setting the password…',
  values({ password, repeated }) {
    if (password.value === repeated.value) return { newPassword: password.value };
    say('The passwords do not match.');
    repeated.focus();
    return undefined;
  },
  success: () => 'The password is set, and all sessions of the account have ended. Log in again.',
});
