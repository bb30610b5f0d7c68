import type { IncomingMessage } from 'node:http';
import { isLoopbackHost } from '../edge/host-names.ts';

/** False for another host name (DNS rebinding) or a page of another site. */
export function isTrusted(message: IncomingMessage): boolean {
  const host = hostOf(`http://${message.headers.host ?? ''}`);
  if (host === undefined || !isLoopbackHost(host.hostname)) return false;
  const { origin } = message.headers;
  if (origin !== undefined && hostOf(origin)?.host !== host.host) return false;
  const site = message.headers['sec-fetch-site'];
  return site === undefined || site === 'same-origin' || site === 'none';
}

function hostOf(address: string): URL | undefined {
  return URL.canParse(address) ? new URL(address) : undefined;
}
