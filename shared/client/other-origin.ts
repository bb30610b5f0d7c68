import { NetworkError } from './network-error.ts';

const patienceMs = 5_000;

/**
 * A server that does not allow the page's origin looks unreachable. A `no-cors` request distinguishes the two.
 * https://developer.mozilla.org/en-US/docs/Web/API/Request/mode
 */
export async function unreachable(url: string, cause: unknown): Promise<NetworkError> {
  const origin = (globalThis as { readonly location?: { readonly origin?: string } }).location?.origin;
  if (origin === undefined || !/^https?:/.test(url) || `${url}/`.startsWith(`${origin}/`)) {
    return new NetworkError('unreachable', url, cause);
  }
  const probe = globalThis.fetch(`${url}/healthz`, { mode: 'no-cors', cache: 'no-store' }).then(
    ({ type }) => type === 'opaque',
    () => false,
  );
  const timeout = new Promise<false>((resolve) => setTimeout(() => resolve(false), patienceMs));
  if (!(await Promise.race([probe, timeout]))) return new NetworkError('unreachable', url, cause);
  const remedy = `add '${origin}' to the setting allowedOrigins of the deployment (${url})`;
  return new NetworkError('origin', remedy, cause);
}
