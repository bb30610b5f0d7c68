import { config, edgeHeaders } from '../core/runtime/config.ts';

/** Headers by lower-case name, as HTTP APIs pass them. */
type Headers = Readonly<Record<string, string | undefined>>;

/**
 * The address of whoever sent a request. What the headers say is believed only with the distribution's key: a
 * caller that goes round the distribution can send any header, and would get round limits per address with it.
 *
 * @param sourceIp - the address that API Gateway saw.
 */
export function viewerAddress(headers: Headers, sourceIp: string): string {
  const claimed = headers[edgeHeaders.address];
  if (claimed === undefined) return sourceIp;
  return hasKey(headers) ? claimed : sourceIp;
}

/**
 * Whether a request bypassed the distribution in a stage that accepts only the distribution's requests. Such a request
 * has passed neither the web ACL nor the distribution's limits.
 */
export function bypassesDistribution(headers: Headers): boolean {
  return config.onlyThroughDistribution && !hasKey(headers);
}

function hasKey(headers: Headers): boolean {
  return headers[edgeHeaders.key] === config.originKey;
}
