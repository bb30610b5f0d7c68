import { renderPage } from './page.ts';

/** The token of a mailed link is in the fragment, which reaches no server. */
export function verifyEmailPage(): string {
  return renderPage({
    title: 'Confirm your e-mail address · Switchboard',
    description: 'Confirm an e-mail address with the link from the mail.',
    path: '/verify-email',
    script: '/verify-email.js',
    main: `<h1>Confirm your e-mail address</h1>
<noscript><p>This page needs JavaScript to confirm the address.</p></noscript>
<form class="form" novalidate>
<p>Enter the password of the account that you registered. If you did not register one, close this page, so that no account uses your address.</p>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required aria-describedby="outcome">
<div id="naming" hidden>
<label for="username">Another user name</label>
<input id="username" name="username" autocomplete="username" aria-describedby="outcome">
</div>
<button type="submit">Confirm address</button>
<p id="outcome" role="alert"></p>
</form>`,
  });
}
