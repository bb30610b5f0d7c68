import { randomBytes } from 'node:crypto';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { pageScript } from './page-script.ts';
import { pageStyle } from './page-style.ts';

export const tabs = {
  overview: 'Overview',
  tables: 'Tables',
  events: 'Events',
  mails: 'Mails',
  pushes: 'Pushes',
  requests: 'Requests',
  invocations: 'Invocations',
  queues: 'Queues',
} as const;

export type Tab = keyof typeof tabs;

export interface Page {
  readonly markup: string;
  readonly contentSecurityPolicy: string;
}

/** The page loads nothing from other hosts. */
export function page(current: Tab, content: Html): Page {
  const nonce = randomBytes(16).toString('base64');
  const links = (Object.keys(tabs) as Tab[]).map(
    (tab) =>
      html`<li>
        <a href="/__local${tab === 'overview' ? '' : `?tab=${tab}`}" ${tab === current && current_}>${tabs[tab]}</a>
      </li>`,
  );
  const { markup } = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${tabs[current]} · Local run</title>
        <link rel="icon" href="data:," />
        <style nonce="${nonce}">
          ${raw(pageStyle)}
        </style>
      </head>
      <body>
        <header>
          <div class="bar">
            <h1>Local run</h1>
            <label class="bar"><input id="live" type="checkbox" checked />Auto-refresh</label>
            <form method="post" action="/__local/api/clear"><button>Clear history</button></form>
            <form method="post" action="/__local/api/recycle"><button>Restart functions</button></form>
          </div>
          <nav aria-label="Pages">
            <ul>
              ${links}
            </ul>
          </nav>
        </header>
        <main id="main" tabindex="-1">${content}</main>
        <script nonce="${nonce}">
          ${raw(pageScript)};
        </script>
      </body>
    </html>`;
  const contentSecurityPolicy =
    `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; connect-src 'self'; ` +
    `img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;
  return { markup, contentSecurityPolicy };
}

const current_: Html = { markup: 'aria-current="page"' };

function raw(markup: string): Html {
  return { markup };
}
