import { NetworkError } from './network-error.ts';

const patienceMs = 5_000;

/**
 * Finds out why no answer came. To a page, a server that does not allow its origin looks unreachable. A `no-cors`
 * request, whose answer the page cannot read, distinguishes the two.
 * https://developer.mozilla.org/en-US/docs/Web/API/Request/mode
 */
export async function unreachable(url: string, cause: unknown): Promise<NetworkError> {
  const origin = (globalThis as { readonly location?: { readonly origin?: string } }).location?.origin;
  if (origin === undefined || !/^https?:/.test(url) || `${url}/`.startsWith(`${origin}/`)) {
    return new NetworkError('unreachable', url, cause);
  }
  const asked = globalThis.fetch(`${url}/healthz`, { mode: 'no-cors', cache: 'no-store' }).then(
    ({ type }) => type === 'opaque',
    () => false,
  );
  const late = new Promise<false>((resolve) => setTimeout(() => resolve(false), patienceMs));
  if (!(await Promise.race([asked, late]))) return new NetworkError('unreachable', url, cause);
  const remedy = `add '${origin}' to the setting allowedOrigins of the deployment (${url})`;
  return new NetworkError('origin', remedy, cause);
}
