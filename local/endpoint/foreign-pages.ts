import type { RequestHead } from './post-head.ts';

/**
 * True for a request that a page of another site made in this machine's browser. Programs send neither `Origin` nor
 * `Sec-Fetch-Site`; a browser sends at least one of them with everything but a visit typed by its user.
 * https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
 */
export function isForeignPage({ headers }: RequestHead): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  const { origin, host } = headers;
  if (origin === undefined) return false;
  return typeof origin !== 'string' || !URL.canParse(origin) || new URL(origin).host !== host;
}
