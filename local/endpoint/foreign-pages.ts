import type { RequestHead } from './post-head.ts';

/**
 * Returns true for a request that a page of another site sent from this machine's browser. Programs send neither
 * `Origin` nor `Sec-Fetch-Site`. A browser sends at least one of them, except for an address that its user typed.
 * https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
 */
export function isForeignPage({ headers }: RequestHead): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  const { origin, host } = headers;
  if (origin === undefined) return false;
  return typeof origin !== 'string' || !URL.canParse(origin) || new URL(origin).host !== host;
}
