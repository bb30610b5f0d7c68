import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Aside } from '../edge/public-server.ts';
import { command, inspect } from './inspector-api.ts';
import type { InspectorParts } from './inspector-parts.ts';
import { isTrusted } from './trusted-requests.ts';

const root = '/__local';

/** Serves the inspector at `/__local` and its JSON interface below `/__local/api`. */
export function createInspector(parts: InspectorParts): Aside {
  return (message, response) => {
    const url = new URL(message.url ?? '/', 'http://local');
    if (url.pathname !== root && !url.pathname.startsWith(`${root}/`)) return false;
    if (!isTrusted(message)) {
      sendJson(response, 403, { message: 'The inspector answers only to this machine, by its own name.' });
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
  message.resume();
  const path = url.pathname.slice(`${root}/api`.length).replace(/^\//, '');
  const found = message.method === 'POST' ? await command(parts, path) : await inspect(parts, path, url.searchParams);
  if (found === undefined) return sendJson(response, 404, { message: `There is no ${url.pathname}.` });
  sendJson(response, 200, found.value);
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  if (response.headersSent) return void response.destroy();
  const body = JSON.stringify(value);
  response.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}
