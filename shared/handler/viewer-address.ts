import { config, edgeHeaders } from '../runtime/config.ts';

/**
 * The address of whoever sent a request. What the headers say is believed only with the distribution's key: a
 * caller that goes round the distribution can send any header, and would get round limits per address with it.
 *
 * @param headers - names in lower case, as API Gateway gives them.
 * @param sourceIp - the address that API Gateway saw.
 */
export function viewerAddress(headers: Readonly<Record<string, string | undefined>>, sourceIp: string): string {
  const claimed = headers[edgeHeaders.address];
  if (claimed === undefined) return sourceIp;
  return headers[edgeHeaders.key] === config.originKey ? claimed : sourceIp;
}
