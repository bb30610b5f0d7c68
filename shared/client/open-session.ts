import type { Guest } from '../contract/schemas/guest.ts';
import type { User } from '../contract/schemas/user.ts';
import { createProvidedSession } from './provided-session.ts';
import { RefusedError, SessionEndedError } from './refused-error.ts';
import { createSession, type GuestSignIn, type LoginRequest, type Session, type SessionOptions } from './session.ts';

const answerTimeoutMs = 15_000;

export interface OpenSessionOptions extends SessionOptions {
  readonly login?: LoginRequest;
  readonly guest?: GuestSignIn;
  readonly accessToken?: () => Promise<string>;
}

/**
 * Prefers the application's access token, then a stored session, then a guest's key, then a login.
 *
 * @throws RefusedError, NetworkError.
 */
export async function openSession(
  options: OpenSessionOptions,
): Promise<{ readonly session: Session; readonly user: User | Guest }> {
  const session = await sessionOf({ timeoutMs: answerTimeoutMs, ...options });
  const user = session.stored?.user;
  if (user === undefined) throw new SessionEndedError();
  return { session, user };
}

async function sessionOf({ accessToken, login, guest, ...options }: OpenSessionOptions): Promise<Session> {
  if (accessToken !== undefined) return createProvidedSession(options, accessToken);
  const session = createSession(options);
  if (session.stored !== undefined) return session;
  const answer = await (guest !== undefined
    ? session.signInAsGuest(guest)
    : login !== undefined
      ? session.login(login)
      : Promise.reject(new SessionEndedError()));
  if (!answer.ok) throw new RefusedError(answer.problem);
  return session;
}
