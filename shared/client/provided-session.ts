import { getMe } from '../contract/identity/get-me.ts';
import type { Route } from '../contract/kit/define-route.ts';
import { createDeadline } from './deadline.ts';
import { createHttpClient, type HttpClientOptions, type RouteRequestArguments } from './http.ts';
import { NetworkError } from './network-error.ts';
import { RefusedError, SessionEndedError } from './refused-error.ts';
import type { Session, StoredSession } from './session.ts';

/** The service's tokens live 15 minutes. */
const unknownLifeMs = 10 * 60 * 1000;
const requestMs = 45_000;
const patienceMs = 30_000;

export async function createProvidedSession(
  options: Omit<HttpClientOptions, 'accessToken'>,
  provide: () => Promise<string>,
): Promise<Session> {
  let current: { readonly accessToken: string; readonly expiresAt: number } | undefined;
  let renewal: Promise<string> | undefined;
  let isOver = false;

  /** Every failure becomes a NetworkError, so messages wait for a token. */
  const requestToken = async (): Promise<string> => {
    const deadline = createDeadline(options.timeoutMs ?? patienceMs, undefined);
    try {
      const token: unknown = await deadline.race(Promise.resolve().then(provide));
      if (typeof token === 'string' && /^[ -~]+$/.test(token)) return token;
      throw new TypeError('accessToken returned no token');
    } catch (error) {
      if (error instanceof SessionEndedError) throw error;
      throw new NetworkError('no-token', error instanceof Error ? error.message : undefined, error);
    } finally {
      deadline.end();
    }
  };
  const renew = (): Promise<string> => {
    renewal ??= requestToken()
      .then((accessToken) => {
        current = { accessToken, expiresAt: expiryOf(accessToken) ?? Date.now() + unknownLifeMs };
        return accessToken;
      })
      .finally(() => {
        renewal = undefined;
      });
    return renewal;
  };
  const accessToken = async (goodForMs = requestMs): Promise<string> => {
    if (isOver) throw new SessionEndedError();
    return current !== undefined && current.expiresAt - Date.now() > goodForMs ? current.accessToken : renew();
  };
  const http = createHttpClient({ ...options, accessToken: () => accessToken() });
  const call: Session['call'] = async <R extends Route>(route: R, ...request: RouteRequestArguments<R>) => {
    const used = route.access === 'public' ? undefined : await accessToken();
    const answer = await http.call(route, ...request);
    if (used === undefined || answer.ok || answer.problem.status !== 401) return answer;
    if (current?.accessToken === used) await renew();
    return http.call(route, ...request);
  };

  const me = await call(getMe);
  if (!me.ok) throw new RefusedError(me.problem);
  const user = me.body;
  return {
    get stored(): StoredSession | undefined {
      return isOver || current === undefined ? undefined : { ...current, refreshToken: '', user };
    },
    login: () => Promise.reject(new SessionEndedError()),
    signInAsGuest: () => Promise.reject(new SessionEndedError()),
    accessToken,
    call,
    // The application owns the session.
    logout: async () => {
      isOver = true;
    },
    onEnded: () => () => undefined,
  };
}

/** Milliseconds since the epoch (RFC 7519, section 4.1.4). */
function expiryOf(token: string): number | undefined {
  try {
    const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const { exp } = JSON.parse(atob(payload)) as { exp?: unknown };
    return typeof exp === 'number' ? exp * 1000 : undefined;
  } catch {
    return undefined;
  }
}
