import type { Guest } from '../contract/schemas/guest.ts';
import type { User } from '../contract/schemas/user.ts';
import type { GuestSignIn } from './guest-sign-in.ts';
import { createProvidedSession } from './provided-session.ts';
import { RefusedError, SessionEndedError } from './refused-error.ts';
import { createSession, type LoginRequest, type Session, type SessionOptions } from './session.ts';

/** Longer than the service needs for an answer, shorter than a person waits. */
const answerTimeoutMs = 15_000;

export interface OpenSessionOptions extends SessionOptions {
  readonly login?: LoginRequest;
  readonly guest?: GuestSignIn;
  readonly accessToken?: () => Promise<string>;
}

/**
 * Opens a session with the application's access token, a stored session, a guest's key or a login, in this order.
 *
 * @throws RefusedError if the server rejects the credentials, NetworkError if no answer came.
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
