import { escapeHtml } from './html.ts';
import { renderPage } from './page.ts';

const login = `curl -sX POST "$HOST/api/v1/auth/login" \\
  -H 'content-type: application/json' \\
  -d '{"tenant":"demo","email":"alice@demo.test","password":"…"}'`;

const useToken = `TOKEN='…'   # accessToken of the answer
curl -s "$HOST/api/v1/users/me" -H "authorization: Bearer $TOKEN"`;

const openSocket = `const socket = new WebSocket('/ws', ['switchboard', \`bearer.\${accessToken}\`]);
socket.onopen = () => socket.send(JSON.stringify({ action: 'hello', ref: '1', data: {} }));
socket.onmessage = ({ data }) => console.log(JSON.parse(data));`;

/** The first page: what this is, where to read on, how to get a token. */
export function landingPage(): string {
  return renderPage({
    title: 'Switchboard',
    description: 'Multi-tenant chat in your own AWS account: its API.',
    path: '/',
    main: `<h1>Switchboard</h1>
<p class="lead">Multi-tenant chat that runs in your own AWS account. A message that was acknowledged is stored: once, in order, whatever the retries.</p>
<ul class="cards">
<li><a href="/docs"><strong>Try it</strong></a><span>Every HTTP operation with a form that calls this very service.</span></li>
<li><a href="/reference"><strong>Reference</strong></a><span>HTTP, WebSocket, events and every problem on one page. Needs no script, prints well.</span></li>
<li><a href="/api/v1/openapi.json"><strong>OpenAPI 3.1</strong></a><span>The HTTP API for programs and generators.</span></li>
<li><a href="/api/v1/asyncapi.json"><strong>AsyncAPI 3.0</strong></a><span>The WebSocket and the event bus for programs and generators.</span></li>
</ul>
<section aria-labelledby="token">
<h2 id="token">Get a token</h2>
<p>You need an account of a tenant. A local run has demonstration accounts and prints them, with their password, when it starts. Elsewhere, ask the tenant’s administrator, or register with <a href="/reference#operation-register"><code>POST /api/v1/auth/register</code></a>.</p>
<ol>
<li><p>Set <code>HOST</code> to this site’s address, then log in:</p>${code(login, 'Log in')}</li>
<li><p>Send the access token with each request. It lives 15 minutes; <a href="/reference#operation-refresh"><code>POST /api/v1/auth/refresh</code></a> renews it.</p>${code(useToken, 'Use the token')}</li>
<li><p>Open the WebSocket, in a browser for instance:</p>${code(openSocket, 'Open the WebSocket')}</li>
</ol>
<p>In <a href="/docs">Try it</a>, put the access token into the field “Bearer token”.</p>
</section>
<section aria-labelledby="problems">
<h2 id="problems">When something is refused</h2>
<p>Every refusal has a <code>code</code>, and its <code>type</code> leads to the <a href="/reference#problems">section of the reference</a> that says what to do.</p>
</section>`,
  });
}

function code(text: string, label: string): string {
  return `<pre tabindex="0" role="region" aria-label="${label}"><code>${escapeHtml(text)}</code></pre>`;
}
