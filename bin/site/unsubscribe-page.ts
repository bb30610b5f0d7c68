import { renderPage } from './page.ts';

/** The token of a mailed link is in the fragment, which reaches no server. Opening the page changes nothing. */
export function unsubscribePage(): string {
  return renderPage({
    title: 'Unsubscribe · Switchboard',
    description: 'Stop mails of this kind with the link from the mail.',
    path: '/unsubscribe',
    script: '/unsubscribe.js',
    main: `<h1>Unsubscribe</h1>
<noscript><p>This page needs JavaScript to unsubscribe you.</p></noscript>
<form class="form" novalidate>
<p>You will get no more mails of this kind at this address.</p>
<button type="submit">Unsubscribe</button>
<p id="outcome" role="alert"></p>
</form>`,
  });
}
