import type * as z from 'zod/mini';
import type { signInAsGuest } from '../contract/guests/sign-in-as-guest.ts';
import { login } from '../contract/identity/login.ts';
import { logout } from '../contract/identity/logout.ts';
import { refresh } from '../contract/identity/refresh.ts';
import type { ProblemBody } from '../contract/kit/define-problem.ts';
import type { Route } from '../contract/kit/define-route.ts';
import type { SessionTokens } from '../contract/schemas/tokens.ts';
import type { Guest } from '../contract/schemas/guest.ts';
import type { User } from '../contract/schemas/user.ts';
import { Emitter, type Unsubscribe } from './emitter.ts';
import {
  type CallRoute,
  createHttpClient,
  type HttpClient,
  type HttpClientOptions,
  type RouteAnswer,
  type RouteRequestArguments,
} from './http.ts';
import { NetworkError } from './network-error.ts';
import { isOfService } from './problem-of.ts';
import { RefusedError, SessionEndedError } from './refused-error.ts';
import { createServerClock, type ServerClock } from './server-clock.ts';

/** Secrets: store them only on this device. */
export interface StoredSession {
  readonly accessToken: string;
  /** Works once: store the newest session from {@link SessionOptions.onTokens}. */
  readonly refreshToken: string;
  /** Milliseconds since the epoch, by this device's clock. */
  readonly expiresAt: number;
  readonly user: User | Guest;
}

export type GuestAnswer = RouteAnswer<typeof signInAsGuest>;

/** From `guestSignIn`, which only the pages of guests load. */
export interface GuestSignIn {
  signIn(http: HttpClient, clock: ServerClock): Promise<GuestAnswer>;
}

export type LoginRequest = z.input<typeof login.body>;

export interface SessionOptions extends Omit<HttpClientOptions, 'accessToken'> {
  readonly stored?: StoredSession;
  /** Undefined: the session ended. */
  readonly onTokens?: (session: StoredSession | undefined) => void;
}

export interface Session {
  readonly stored: StoredSession | undefined;
  login(
    request: LoginRequest,
  ): Promise<
    | { readonly ok: true; readonly session: StoredSession; readonly deviceToken: string }
    | { readonly ok: false; readonly problem: ProblemBody }
  >;
  /** Signs this device in as a guest: the same device is the same guest. */
  signInAsGuest(
    request: GuestSignIn,
  ): Promise<
    { readonly ok: true; readonly session: StoredSession } | { readonly ok: false; readonly problem: ProblemBody }
  >;
  /**
   * Renews the token unless it is valid for this time (default: 45 s).
   *
   * @throws SessionEndedError, or NetworkError or RefusedError if the renewal failed.
   */
  accessToken(goodForMs?: number): Promise<string>;
  /** Renews a rejected token once. */
  readonly call: CallRoute;
  /** Immediately on this device, and on the server if it is reachable. */
  logout(): Promise<void>;
  onEnded(listener: () => void): Unsubscribe;
}

/** Clocks differ and requests take a while. */
const requestMs = 45_000;
/** The server accepts a used refresh token again for 10 seconds. A later retry ends the session. */
const refreshTimeoutMs = 3_000;
const refreshAttempts = 3;

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

  /** A second exchange with the same token would end the session. */
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
    if (stored !== before) throw new SessionEndedError();
    if (answer.ok) {
      const session = storedSession(answer.body, startedAt);
      store(session);
      return session;
    }
    if (answer.problem.retryable) throw new RefusedError(answer.problem);
    // Only the service ends a session. A network's login page may send this answer.
    if (!isOfService(answer.problem)) throw new NetworkError('not-understood', answer.problem.detail);
    store(undefined);
    ended.emit('ended', undefined);
    throw new SessionEndedError(new RefusedError(answer.problem));
  };

  const accessToken = async (goodForMs = requestMs): Promise<string> => {
    const current = stored;
    if (current !== undefined && current.expiresAt - Date.now() > goodForMs) return current.accessToken;
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
    signInAsGuest: async (request) => {
      const startedAt = Date.now();
      const answer = await request.signIn(anonymous, options.clock ?? createServerClock());
      if (!answer.ok) return answer;
      const session = storedSession(answer.body, startedAt);
      store(session);
      return { ok: true, session };
    },
    accessToken,
    call: async <R extends Route>(route: R, ...request: RouteRequestArguments<R>) => {
      const used = route.access === 'public' ? undefined : await accessToken();
      const answer = await authorised.call(route, ...request);
      if (used === undefined || answer.ok || answer.problem.status !== 401) return answer;
      // The device's clock is wrong or the session ended. A renewal shows which.
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

function storedSession(tokens: SessionTokens, startedAt: number): StoredSession {
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
