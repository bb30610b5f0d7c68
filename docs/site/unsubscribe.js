import { postOnSubmit } from './mailed-link.js';

postOnSubmit({
  path: (token) => `/api/v1/mail/unsubscribe?${new URLSearchParams({ token }).toString()}`,
  progress: 'Unsubscribing…',
  values: () => ({}),
  success: () => 'You are unsubscribed.',
});
