import type { IncomingMessage } from 'node:http';
import { isLoopbackHost } from '../edge/host-names.ts';

/**
 * May this request see and change what the inspector shows? Not if it came under another name than this machine's own
 * (a foreign page whose name was made to point here, "DNS rebinding"), nor if another site's page sent it.
 */
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
