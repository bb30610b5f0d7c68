import { config, edgeHeaders } from '../core/runtime/config.ts';

/** By lower-case name. */
type Headers = Readonly<Record<string, string | undefined>>;

/**
 * The address of a request's client. The header is trusted only with the distribution's key, because other callers
 * could send any address.
 * @param sourceIp - the source address that API Gateway reports.
 */
export function viewerAddress(headers: Headers, sourceIp: string): string {
  const claimed = headers[edgeHeaders.address];
  if (claimed === undefined) return sourceIp;
  return hasKey(headers) ? claimed : sourceIp;
}

/**
 * True only in a stage that requires the distribution. The request has then passed neither the web ACL nor the
 * distribution's limits.
 */
export function bypassesDistribution(headers: Headers): boolean {
  return config.onlyThroughDistribution && !hasKey(headers);
}

function hasKey(headers: Headers): boolean {
  return headers[edgeHeaders.key] === config.originKey;
}
