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

export function landingPage(): string {
  return renderPage({
    title: 'Switchboard',
    description: 'The API of Switchboard, a multi-tenant chat system in your own AWS account.',
    path: '/',
    main: `<h1>Switchboard</h1>
<p class="lead">A multi-tenant chat system that runs in your own AWS account. Every acknowledged message is stored exactly once and in order, even after retries.</p>
<ul class="cards">
<li><a href="/docs"><strong>Try it</strong></a><span>All HTTP operations, each with a form that calls this deployment.</span></li>
<li><a href="/reference"><strong>Reference</strong></a><span>HTTP operations, WebSocket frames, events and problems on one printable page, without scripts.</span></li>
<li><a href="/api/v1/openapi.json"><strong>OpenAPI 3.1</strong></a><span>The HTTP API for tools and code generators.</span></li>
<li><a href="/api/v1/asyncapi.json"><strong>AsyncAPI 3.0</strong></a><span>The WebSocket API and the event bus for tools and code generators.</span></li>
</ul>
<section aria-labelledby="token">
<h2 id="token">Get a token</h2>
<p>You need an account of a tenant. The local run prints its demo accounts and their password when it starts. In other deployments, ask the tenant’s administrator, or register with <a href="/reference#operation-register"><code>POST /api/v1/auth/register</code></a>.</p>
<ol>
<li><p>Set <code>HOST</code> to this site’s address, then log in:</p>${code(login, 'Log in')}</li>
<li><p>Send the access token with each request. It is valid for 15 minutes. Renew it with <a href="/reference#operation-refresh"><code>POST /api/v1/auth/refresh</code></a>.</p>${code(useToken, 'Use the token')}</li>
<li><p>Open the WebSocket, for example in a browser:</p>${code(openSocket, 'Open the WebSocket')}</li>
</ol>
<p>In <a href="/docs">Try it</a>, enter the access token in the field “Bearer token”.</p>
</section>
<section aria-labelledby="problems">
<h2 id="problems">Errors</h2>
<p>Every error has a <code>code</code>. Its <code>type</code> links to the <a href="/reference#problems">section of the reference</a> that explains what to do.</p>
</section>`,
  });
}

function code(text: string, label: string): string {
  return `<pre tabindex="0" role="region" aria-label="${label}"><code>${escapeHtml(text)}</code></pre>`;
}
