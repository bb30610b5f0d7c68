import { config } from '../runtime/config.ts';

/** Headers by which the distribution tells an API who called: the API itself sees the distribution's address only. */
export const viewerAddressHeader = 'x-viewer-address';
export const originKeyHeader = 'x-origin-key';

/**
 * The address of whoever sent a request. `x-viewer-address` is believed only beside the distribution's key: a caller
 * that goes round the distribution can send any header, and would get round limits per address with it.
 *
 * @param headers - names in lower case, as API Gateway gives them.
 * @param sourceIp - the address that API Gateway saw.
 */
export function viewerAddress(headers: Readonly<Record<string, string | undefined>>, sourceIp: string): string {
  const claimed = headers[viewerAddressHeader];
  if (claimed === undefined) return sourceIp;
  return headers[originKeyHeader] === config.originKey ? claimed : sourceIp;
}
