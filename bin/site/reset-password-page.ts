import { renderPage } from './page.ts';

/** The token of a mailed link is in the fragment, which reaches no server. */
export function resetPasswordPage(): string {
  return renderPage({
    title: 'Set a new password · Switchboard',
    description: 'Set a new password with the link from the mail.',
    path: '/reset-password',
    script: '/reset-password.js',
    main: `<h1>Set a new password</h1>
<noscript><p>This page needs JavaScript to send the new password.</p></noscript>
<form class="form" novalidate>
<p>Use at least 10 characters, with an upper-case letter, a lower-case letter, a digit and a special character. It must not be easy to guess.</p>
<label for="password">New password</label>
<input id="password" name="password" type="password" autocomplete="new-password" required aria-describedby="outcome">
<label for="repeated">Repeat new password</label>
<input id="repeated" name="repeated" type="password" autocomplete="new-password" required aria-describedby="outcome">
<button type="submit">Set password</button>
<p id="outcome" role="alert"></p>
</form>`,
  });
}
