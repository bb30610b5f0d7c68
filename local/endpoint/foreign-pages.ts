import type { RequestHead } from './post-head.ts';

/**
 * Programs send neither `Origin` nor `Sec-Fetch-Site`. Browsers send one of them, except for a typed address.
 * https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
 */
export function isForeignPage({ headers }: RequestHead): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  const { origin, host } = headers;
  if (origin === undefined) return false;
  return typeof origin !== 'string' || !URL.canParse(origin) || new URL(origin).host !== host;
}
