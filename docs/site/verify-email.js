import { postOnSubmit } from './mailed-link.js';

const naming = document.getElementById('naming');

postOnSubmit({
  path: '/api/v1/auth/verify-email',
  progress: 'Confirming the address…',
  values: ({ password, username }) => ({
    password: password.value,
    ...(naming.hidden ? {} : { username: username.value }),
  }),
  async success(response) {
    const { user } = await response.json();
    return user.status === 'pending'
      ? 'The address is confirmed. You can log in once an administrator has approved the account.'
      : 'The address is confirmed. You can log in.';
  },
  rejected({ code }) {
    if (code === 'USERNAME_TAKEN') naming.hidden = false;
  },
});
