import { config, edgeHeaders } from '../core/runtime/config.ts';

/** Headers by lower-case name, as HTTP APIs pass them. */
type Headers = Readonly<Record<string, string | undefined>>;

/**
 * The address of the client that sent a request. The header is trusted only with the distribution's key. Otherwise, a
 * caller that bypasses the distribution could send any address and evade the limits per address.
 *
 * @param sourceIp - the source address that API Gateway reports.
 */
export function viewerAddress(headers: Headers, sourceIp: string): string {
  const claimed = headers[edgeHeaders.address];
  if (claimed === undefined) return sourceIp;
  return hasKey(headers) ? claimed : sourceIp;
}

/**
 * Whether a request bypassed the distribution in a stage that accepts only the distribution's requests. The request has
 * then passed neither the web ACL nor the distribution's limits.
 */
export function bypassesDistribution(headers: Headers): boolean {
  return config.onlyThroughDistribution && !hasKey(headers);
}

function hasKey(headers: Headers): boolean {
  return headers[edgeHeaders.key] === config.originKey;
}
