import type * as z from 'zod/mini';
import { login } from '../contract/identity/login.ts';
import { logout } from '../contract/identity/logout.ts';
import { refresh } from '../contract/identity/refresh.ts';
import type { ProblemBody } from '../contract/kit/define-problem.ts';
import type { Route } from '../contract/kit/define-route.ts';
import type { Tokens } from '../contract/schemas/tokens.ts';
import type { User } from '../contract/schemas/user.ts';
import { Emitter, type Unsubscribe } from './emitter.ts';
import { type CallRoute, createHttpClient, type HttpClientOptions, type RouteRequestArguments } from './http.ts';
import { NetworkError } from './network-error.ts';
import { isOfService } from './problem-of.ts';
import { RefusedError, SessionEndedError } from './refused-error.ts';

/** What a session is kept by, on this device and nowhere else. */
export interface StoredSession {
  readonly accessToken: string;
  /** Works once: store what {@link SessionOptions.onTokens} told last. */
  readonly refreshToken: string;
  /** When the access token expires, by this device's clock, in milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly user: User;
}

export type LoginRequest = z.input<typeof login.body>;

export interface SessionOptions extends Omit<HttpClientOptions, 'accessToken'> {
  /** A session of before. */
  readonly stored?: StoredSession;
  /** Hears of each new session and of each renewal, and of the end with nothing. */
  readonly onTokens?: (session: StoredSession | undefined) => void;
}

export interface Session {
  readonly stored: StoredSession | undefined;
  /** Logs in. Refusals are answers; no answer is a {@link NetworkError}. */
  login(
    request: LoginRequest,
  ): Promise<
    | { readonly ok: true; readonly session: StoredSession; readonly deviceToken: string }
    | { readonly ok: false; readonly problem: ProblemBody }
  >;
  /**
   * An access token that is good for some time yet (45 s), renewed if needed.
   * @throws SessionEndedError when the session is over, NetworkError or RefusedError when it could not be renewed now.
   */
  accessToken(goodForMs?: number): Promise<string>;
  /** Calls a route as the session's user. A token that is refused is renewed once. */
  readonly call: CallRoute;
  /** Ends the session, here at once and on the server if it can be reached. */
  logout(): Promise<void>;
  /** Hears when the session is over without having been asked to. */
  onEnded(listener: () => void): Unsubscribe;
}

/** A token has to be good for this long: clocks differ a little, and requests take their time. */
const requestMs = 45_000;
/**
 * The server repeats an exchange of a refresh token for 10 seconds after the first. So an exchange whose answer was lost
 * must be repeated within that time, or the session is over.
 */
const refreshTimeoutMs = 3_000;
const refreshAttempts = 3;

/** Keeps one session: its tokens, their renewal, its end. */
export function createSession(options: SessionOptions): Session {
  const ended = new Emitter<{ ended: undefined }>();
  const anonymous = createHttpClient(options);
  const exchange = createHttpClient({
    ...options,
    timeoutMs: Math.min(refreshTimeoutMs, options.timeoutMs ?? Infinity),
  });
  let stored = options.stored;
  let renewal: Promise<StoredSession> | undefined;

  const store = (session: StoredSession | undefined): void => {
    stored = session;
    options.onTokens?.(session);
  };

  /** One exchange at a time: of two with the same token the later would end the session. */
  const renew = (): Promise<StoredSession> => {
    renewal ??= renewOnce().finally(() => {
      renewal = undefined;
    });
    return renewal;
  };
  const renewOnce = async (): Promise<StoredSession> => {
    const before = stored;
    if (before === undefined) throw new SessionEndedError();
    const startedAt = Date.now();
    const answer = await repeatUnanswered(() =>
      exchange.call(refresh, { body: { refreshToken: before.refreshToken } }),
    );
    // Logged out, or logged in anew, in the meantime.
    if (stored !== before) throw new SessionEndedError();
    if (answer.ok) {
      const session = storedSession(answer.body, startedAt);
      store(session);
      return session;
    }
    if (answer.problem.retryable) throw new RefusedError(answer.problem);
    // Only the service itself ends a session: a login page of the network may answer in its place.
    if (!isOfService(answer.problem)) throw new NetworkError('not-understood', answer.problem.detail);
    store(undefined);
    ended.emit('ended', undefined);
    throw new SessionEndedError(new RefusedError(answer.problem));
  };

  const accessToken = async (goodForMs = requestMs): Promise<string> => {
    const present = stored;
    if (present !== undefined && present.expiresAt - Date.now() > goodForMs) return present.accessToken;
    return (await renew()).accessToken;
  };
  const authorised = createHttpClient({ ...options, accessToken: () => accessToken() });

  return {
    get stored() {
      return stored;
    },
    login: async (request) => {
      const startedAt = Date.now();
      const answer = await anonymous.call(login, { body: request });
      if (!answer.ok) return answer;
      const session = storedSession(answer.body, startedAt);
      store(session);
      return { ok: true, session, deviceToken: answer.body.deviceToken };
    },
    accessToken,
    call: async <R extends Route>(route: R, ...request: RouteRequestArguments<R>) => {
      const used = route.access === 'public' ? undefined : await accessToken();
      const answer = await authorised.call(route, ...request);
      if (used === undefined || answer.ok || answer.problem.status !== 401) return answer;
      // Our clock may be wrong, or the session ended: renewing tells. Somebody may have renewed in the meantime.
      if (stored?.accessToken === used) await renew();
      return authorised.call(route, ...request);
    },
    logout: async () => {
      const before = stored;
      if (before === undefined) return;
      store(undefined);
      await exchange.call(logout, { body: { refreshToken: before.refreshToken } });
    },
    onEnded: (listener) => ended.on('ended', listener),
  };
}

function storedSession(tokens: Tokens, startedAt: number): StoredSession {
  const { accessToken, refreshToken, expiresIn, user } = tokens;
  return { accessToken, refreshToken, user, expiresAt: startedAt + expiresIn * 1000 };
}

async function repeatUnanswered<Answer>(attempt: () => Promise<Answer>): Promise<Answer> {
  for (let number = 1; ; number += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof NetworkError) || number >= refreshAttempts) throw error;
    }
  }
}
