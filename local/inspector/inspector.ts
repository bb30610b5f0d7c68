import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SideHandler } from '../edge/public-server.ts';
import type { Html } from './html.ts';
import { command, inspect } from './inspector-api.ts';
import type { InspectorParts } from './inspector-parts.ts';
import { invocationsPage } from './invocations-page.ts';
import { overviewPage } from './overview-page.ts';
import { page, tabs } from './page-layout.ts';
import type { Tab } from './page-layout.ts';
import { queuesPage } from './queues-page.ts';
import { recordsPage } from './records-page.ts';
import { tablesPage } from './tables-page.ts';
import { isTrusted } from './trusted-requests.ts';

const root = '/__local';
const api = `${root}/api`;

/** Serves `/__local` and its JSON interface at `/__local/api`. */
export function createInspector(parts: InspectorParts): SideHandler {
  return (message, response) => {
    if (message.url?.startsWith(root) !== true) return false;
    const url = new URL(message.url, 'http://local');
    if (url.pathname !== root && !url.pathname.startsWith(`${root}/`)) return false;
    message.resume();
    if (!isTrusted(message)) {
      sendJson(response, 403, { message: 'The inspector only accepts requests from this machine to a loopback name.' });
      return true;
    }
    answer(parts, message, response, url).catch((error: unknown) => {
      sendJson(response, 500, { message: error instanceof Error ? error.message : String(error) });
    });
    return true;
  };
}

async function answer(
  parts: InspectorParts,
  message: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const path = url.pathname;
  const isRead = message.method === 'GET' || message.method === 'HEAD';
  if (path === root || path === `${root}/`) {
    if (!isRead) return sendJson(response, 405, { message: 'The page is read-only.' });
    return sendPage(parts, message, response, url.searchParams);
  }
  if (path !== api && !path.startsWith(`${api}/`)) return sendJson(response, 404, { message: `There is no ${path}.` });
  const area = path.slice(api.length + 1);
  if (!isRead && message.method !== 'POST') return sendJson(response, 405, { message: 'Use GET or POST.' });
  const found = isRead ? await inspect(parts, area, url.searchParams) : await command(parts, area, url.searchParams);
  if (found === undefined) return sendJson(response, 404, { message: `There is no ${path}.` });
  // The browser returns to the button's tab.
  if (!isRead && message.headers.accept?.includes('text/html') === true) return sendBack(message, response);
  sendJson(response, 200, found.value);
}

async function sendPage(
  parts: InspectorParts,
  message: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
): Promise<void> {
  const asked = query.get('tab') ?? 'overview';
  const tab: Tab = Object.hasOwn(tabs, asked) ? (asked as Tab) : 'overview';
  const content = await contentOf(tab, parts, query);
  const common = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };
  if (message.headers['x-inspector-part'] === 'main') {
    response.writeHead(200, common).end(content.markup);
    return;
  }
  const { markup, contentSecurityPolicy } = page(tab, content);
  response.writeHead(200, {
    ...common,
    'content-security-policy': contentSecurityPolicy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
  });
  response.end(markup);
}

async function contentOf(tab: Tab, parts: InspectorParts, query: URLSearchParams): Promise<Html> {
  const { recorder, host } = parts;
  switch (tab) {
    case 'overview':
      return overviewPage(parts);
    case 'tables':
      return tablesPage(parts, query);
    case 'events':
      return recordsPage(tab, recorder.sinks('event'));
    case 'mails':
      return recordsPage(tab, recorder.sinks('mail'));
    case 'pushes':
      return recordsPage(tab, recorder.sinks('push'));
    case 'requests':
      return recordsPage(tab, recorder.sinks('request'));
    case 'invocations': {
      const names = host.definitions.map(({ name }) => name);
      const wanted = query.get('function') ?? '';
      return invocationsPage(recorder, names, wanted === '' ? undefined : wanted);
    }
    case 'queues':
      return queuesPage(parts);
  }
}

function sendBack(message: IncomingMessage, response: ServerResponse): void {
  const from = message.headers.referer;
  const { pathname, search } = from !== undefined && URL.canParse(from) ? new URL(from) : new URL(root, 'http://local');
  response.writeHead(303, { location: pathname === root ? `${root}${search}` : root }).end();
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = JSON.stringify(value);
  response.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}
